"""`python -m cupola.compat …` runs a program as `python …` does; the oracle is Python itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.support.command import hear_interrupts

SHOW = """
import json, sys
main = sys.modules["__main__"]
print(json.dumps({
    "argv": sys.argv,
    "path": sys.path[0],
    "is_main": main.__dict__ is globals(),
    "names": sorted(name for name in globals() if name not in ("json", "sys", "main")),
    "file": globals().get("__file__"),
    "package": __package__,
    "cached": globals().get("__cached__"),
    "spec": __spec__ and [__spec__.name, __spec__.origin],
    "loader": type(__loader__).__name__ if __spec__ or "__file__" in globals() else "",
    "doc": __doc__,
}))
"""


def python(*arguments: str | Path, cwd: Path, **options) -> subprocess.CompletedProcess[str]:
    options.setdefault("timeout", 60)
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, **options)


COMPAT = ("-m", "cupola.compat")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "with space"
    for package in ("package/inner", "package/app", "folder"):
        (folder / package).mkdir(parents=True)
    for init in ("package", "package/inner", "package/app"):
        (folder / init / "__init__.py").write_text("")
    for script in ("train.py", "no_suffix", "package/inner/train.py", "package/app/__main__.py"):
        (folder / script).write_text(SHOW)
    (folder / "folder" / "__main__.py").write_text(SHOW)
    with zipfile.ZipFile(folder / "app.pyz", "w") as archive:
        archive.writestr("__main__.py", SHOW)
    return folder


FORMS = [
    ["train.py", "--lr", "0.1", "-m", "x"],
    ["./train.py"],
    ["no_suffix", "a"],
    ["package/inner/train.py", "--help"],
    ["folder", "a"],
    ["app.pyz", "a"],
    ["-m", "package.inner.train", "--its", "arguments"],
    ["-m", "package.app", "-c"],
    ["-c", SHOW, "a", "-m"],
    ["-"],
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[0] + (form[1] if form[0] == "-m" else ""))
@pytest.mark.parametrize("before", [[], ["-P"]], ids=["", "safe_path"])
def test_the_program_sees_what_python_would_show_it(
    project: Path, form: list[str], before: list[str]
) -> None:
    if before and (sys.version_info < (3, 11) or form[0] == "-m"):
        pytest.skip("-P is Python 3.11's, and hides the packages of the working directory")
    seen = [
        json.loads(python(*before, *how, *form, cwd=project, input=SHOW, check=True).stdout)
        for how in ((), COMPAT)
    ]
    expected, got = seen
    if form[0] in ("-c", "-"):
        expected["loader"] = got["loader"] = ""
    expected["names"] = sorted({*expected["names"]} - {"__annotations__", "__file__"})
    got["names"] = sorted({*got["names"]} - {"__annotations__", "__file__"})
    assert got == expected


def test_compiled_files_run(project: Path) -> None:
    import py_compile

    py_compile.compile(str(project / "train.py"), str(project / "train.pyc"))
    seen = json.loads(python(*COMPAT, "train.pyc", cwd=project, check=True).stdout)
    assert seen["file"] == str(project / "train.pyc") and seen["argv"] == ["train.pyc"]


ENDS = [
    "pass",
    "import sys; sys.exit(7)",
    "import sys; sys.exit('a reason')",
    "raise SystemExit",
    "import os; os._exit(5)",
    "def inner():\n    1 / 0\ninner()",
    "raise KeyboardInterrupt",
    "class Own(BaseException): pass\nraise Own('a cause')",
    "import sys; sys.excepthook = lambda *a: print(a[0].__name__, a[2].tb_frame.f_code.co_name)\n1 / 0",
    "import atexit; atexit.register(print, 'at exit'); 1 / 0",
    "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise ValueError from error",
    "this is no Python",
]


@pytest.mark.parametrize("code", ENDS)
def test_the_program_ends_as_under_python(tmp_path: Path, code: str) -> None:
    (tmp_path / "train.py").write_text(code)
    expected, got = (python(*how, "train.py", cwd=tmp_path) for how in ((), COMPAT))
    assert (got.returncode, got.stdout) == (expected.returncode, expected.stdout)
    if code == "this is no Python":  # reported from where it is compiled; the last lines are the same
        assert got.stderr.splitlines()[-3:] == expected.stderr.splitlines()[-3:]
    else:
        assert got.stderr == expected.stderr, "the traceback is the program's own, whole and unobscured"


def test_the_main_module_stays_until_the_end(tmp_path: Path) -> None:
    """For objects that are pickled at exit or on a thread that outlives the script's last line."""
    (tmp_path / "train.py").write_text(
        "import atexit, pickle, threading, time\n"
        "class Own: pass\n"
        "def later():\n    time.sleep(0.3)\n    print(type(pickle.loads(pickle.dumps(Own()))) is Own)\n"
        "threading.Thread(target=later).start()\n"
        "atexit.register(later)\n"
    )
    assert python(*COMPAT, "train.py", cwd=tmp_path, check=True).stdout == "True\nTrue\n"


def test_a_debugger_stops_in_the_program(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("def inner():\n    x = 41\n    return x + 1\nprint(inner())\n")
    commands = "break train.py:3\ncontinue\np 'x is', x\nquit\n"
    done = python("-m", "pdb", *COMPAT, "train.py", cwd=tmp_path, input=commands)
    assert "('x is', 41)" in done.stdout, done.stdout + done.stderr
    (tmp_path / "train.py").write_text("x = 41\nbreakpoint()\n")
    done = python(*COMPAT, "train.py", cwd=tmp_path, input="p 'x is', x\ncontinue\n")
    assert "('x is', 41)" in done.stdout, done.stdout + done.stderr


@pytest.mark.skipif(os.name != "posix", reason="launchers replace this process only where the system can")
def test_a_launcher_is_run_in_the_same_process(tmp_path: Path) -> None:
    launcher = tmp_path / "bin" / "launch"
    launcher.parent.mkdir()
    launcher.write_text(f'#!/bin/sh\necho "$$" "$@"\nexec {sys.executable} -c "{IS_HOOKED}"\n')
    launcher.chmod(0o755)
    environment = os.environ | {"PATH": f"{launcher.parent}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, *COMPAT, "launch", "a b", "--help"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        output = process.communicate(timeout=60)[0]
    assert output == f"{process.pid} a b --help\nTrue\n"
    done = python(*COMPAT, "./bin/launch", cwd=tmp_path)
    assert done.stdout.endswith("True\n"), "a path to a script of another interpreter too"


IS_HOOKED = "import sys; print(any(type(f).__module__.startswith('cupola') for f in sys.meta_path))"


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_signals_reach_the_program(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("import time\nprint('up', flush=True)\ntime.sleep(60)\n")
    command = [sys.executable, *COMPAT, "train.py"]
    for number in (signal.SIGINT, signal.SIGTERM):
        with subprocess.Popen(
            command,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            preexec_fn=hear_interrupts,
        ) as process:
            assert process.stdout and process.stdout.readline() == b"up\n"
            process.send_signal(number)
            assert process.wait(30) == -number


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help(tmp_path: Path, option: str) -> None:
    done = python(*COMPAT, option, cwd=tmp_path, check=True)
    assert done.stdout.startswith("usage: python -m cupola.compat") and "torchrun" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], ["usage:", "-m MODULE"]),
        (["missing.py"], ["no file", "missing.py", "-m MODULE"]),
        (["no_such_launcher", "x"], ["no command 'no_such_launcher' in PATH"]),
        (["-m"], ["nothing behind -m", "a module"]),
        (["-c"], ["nothing behind -c"]),
        (["-u", "train.py"], ["python -u -m cupola.compat"]),
        (["-m", "no.such.module"], ["No module named 'no'"]),
        (["-m", "train.py"], ["Try using 'train' instead"]),
        (["-m", "empty"], ["empty"]),
        (["empty"], ["no __main__.py in 'empty'"]),
        (["data.bin"], ["neither a Python script nor an executable"]),
    ],
)
def test_what_cannot_be_run_is_named(tmp_path: Path, arguments: list[str], words: list[str]) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "train.py").write_text("")
    (tmp_path / "data.bin").write_bytes(b"\x7fELF\0\0")
    done = python(*COMPAT, *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert all(word in done.stderr for word in words) and "Traceback" not in done.stderr, done.stderr
