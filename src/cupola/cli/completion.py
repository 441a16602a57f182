"""`cupola completion SHELL`: a script that completes commands, options and paths, made from the parsers."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Final

from cupola.cli import COMMANDS, UsageError, say
from cupola.cli.parser import Parser, guess_of

HOW: Final = """\
usage: cupola completion bash|zsh|fish

  bash   source <(cupola completion bash)        in ~/.bashrc
  zsh    source <(cupola completion zsh)         in ~/.zshrc, behind compinit
  fish   cupola completion fish | source         in ~/.config/fish/config.fish"""


def completion(arguments: Sequence[str]) -> int:
    """Prints the script for a shell. Returns the exit status."""
    shells: dict[str, Callable[[], str]] = {"bash": bash, "zsh": zsh, "fish": fish}
    word = arguments[0] if arguments else ""
    if word in ("-h", "--help"):
        return 0 if say(HOW) else 2
    if word not in shells:
        seen = f"no completion for {word}{guess_of(word, shells)}" if word else "no shell given"
        raise UsageError(f"{seen}; wanted `cupola completion bash`, `zsh` or `fish`")
    return 0 if say(shells[word]()) else 2


def parsers() -> dict[str, Parser]:
    """Each command's parser; the one without a name is `cupola LOGDIR`'s."""
    from cupola.cli.options import demo_parser, inspect_parser, projector_parser, serve_parser

    return {
        "": serve_parser(),
        "inspect": inspect_parser(),
        "projector": projector_parser(),
        "demo": demo_parser(),
    }


def names(parser: Parser) -> list[str]:
    """Names of the options, each once, as TensorBoard spells them."""
    return [action.option_strings[-1 if "-h" in action.option_strings else 0] for action in parser.options()]


def takes_value(action: argparse.Action) -> bool:
    """Whether an option is followed by a word."""
    return action.nargs is None


def bash() -> str:
    """For bash: a function for `complete`."""
    cases = "\n".join(
        f'    {command or "*"}) options="{" ".join(names(parser))}" ;;'
        for command, parser in sorted(parsers().items(), reverse=True)
    )
    return f"""\
_cupola() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" options
  case "${{COMP_WORDS[1]}}" in
{cases}
  esac
  if [[ "$word" == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
  elif [[ "${{COMP_WORDS[1]}}" == completion ]]; then
    mapfile -t COMPREPLY < <(compgen -W "bash zsh fish" -- "$word")
  else
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
    if (( COMP_CWORD == 1 )); then
      mapfile -t -O "${{#COMPREPLY[@]}}" COMPREPLY < <(compgen -W "{" ".join(COMMANDS)}" -- "$word")
    fi
  fi
}}
complete -F _cupola cupola"""


def zsh() -> str:
    """For zsh: a function for `compdef`."""
    cases = "\n".join(
        f"    {command or '*'})\n      _arguments {_zsh_arguments(parser)} {_zsh_words(command)} ;;"
        for command, parser in sorted(parsers().items(), reverse=True)
    )
    return f"""\
#compdef cupola
_cupola() {{
  local -a commands=({" ".join(COMMANDS)})
  if (( CURRENT == 2 )) && [[ "$PREFIX" != -* ]]; then
    compadd -- $commands
  fi
  case "$words[2]" in
    completion)
      compadd -- bash zsh fish ;;
{cases}
  esac
}}
if (( $+functions[compdef] )); then compdef _cupola cupola; fi"""


def _zsh_words(command: str) -> str:
    return "'1:matrix file:_files'" if command == "projector" else "'*:log directory:_files -/'"


def _zsh_arguments(parser: Parser) -> str:
    specs = []
    for name, action in zip(names(parser), parser.options(), strict=True):
        text = (action.help or "").replace("'", "").replace("[", "(").replace("]", ")").replace(":", " ")
        value = ":value:_files" if takes_value(action) else ""
        specs.append(f"'*{name}[{text}]{value}'")
    return " ".join(specs)


def fish() -> str:
    """For fish: a line for each word."""
    lines = []
    others = " ".join(COMMANDS)
    for command in COMMANDS:
        lines.append(f"complete -c cupola -n 'not __fish_seen_subcommand_from {others}' -a {command}")
    lines.append("complete -c cupola -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'")
    for command, parser in parsers().items():
        seen = (
            f"__fish_seen_subcommand_from {command}"
            if command
            else f"not __fish_seen_subcommand_from {others}"
        )
        for name, action in zip(names(parser), parser.options(), strict=True):
            text = (action.help or "").replace("\\", "\\\\").replace("'", "\\'")
            value = " -r" if takes_value(action) else ""
            lines.append(f"complete -c cupola -n '{seen}' -l {name[2:]}{value} -d '{text}'")
    return "\n".join(lines)
