"""What `cupola completion` prints works in the shells that it is for."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from cupola.cli import COMMANDS, main
from cupola.cli.completion import names, parsers


def script(shell: str, capsys) -> str:
    assert main(["completion", shell]) == 0
    return str(capsys.readouterr().out)


def ask(shell: str, text: str, folder: Path) -> list[str]:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    done = subprocess.run(
        [shell, "-c", text],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"HOME": str(folder)},
    )
    assert done.returncode == 0 and not done.stderr, done
    return [line.split("\t")[0] for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["--po"], ["--port"]),
        (["logs", "--token"], ["--token", "--token_file"]),
        (["inspect", "logs", "--j"], ["--json"]),
        (["demo", "--quie"], ["--quiet"]),
        (["completion", "f"], ["fish"]),
        (["ins"], ["inspect"]),
        (["lo"], ["logs"]),
    ],
)
def test_bash(tmp_path: Path, capsys, words: list[str], wanted: list[str]) -> None:
    (tmp_path / "logs").mkdir()
    line = " ".join(words)
    text = (
        f"{script('bash', capsys)}\nCOMP_WORDS=(cupola {line}); COMP_CWORD={len(words)}; _cupola; "
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    assert sorted(ask("bash", text, tmp_path)) == wanted


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("cupola --po", ["--port"]),
        ("cupola ins", ["inspect"]),
        ("cupola inspect x --j", ["--json"]),
        ("cupola completion z", ["zsh"]),
    ],
)
def test_fish(tmp_path: Path, capsys, line: str, wanted: list[str]) -> None:
    assert ask("fish", f"{script('fish', capsys)}\ncomplete -C '{line}'", tmp_path) == wanted


def test_zsh_takes_it(tmp_path: Path, capsys) -> None:
    text = f"autoload -Uz compinit; compinit -u -d {tmp_path}/dump\n{script('zsh', capsys)}\n"
    text += "print $_comps[cupola]"
    assert ask("zsh", text, tmp_path) == ["_cupola"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_command_and_option_is_in_it(shell: str, capsys) -> None:
    text = script(shell, capsys)
    assert all(command in text for command in COMMANDS)
    for parser in parsers().values():
        for name in names(parser):
            assert (f"-l {name[2:]} " if shell == "fish" else name) in text


def test_without_a_shell(capsys) -> None:
    assert main(["completion"]) == 2 and "no shell given" in capsys.readouterr().err
    assert main(["completion", "--help"]) == 0 and "~/.bashrc" in capsys.readouterr().out
