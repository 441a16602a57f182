"""`python -m cupola.compat …`: runs a program as `python …` does, with the import hook in it and in the
processes that it starts.
"""

from __future__ import annotations

import io
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader, SourcelessFileLoader
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple, NoReturn

from cupola.peers import children, import_hook

USAGE = """\
usage: python -m cupola.compat SCRIPT [ARGUMENTS ...]
       python -m cupola.compat -m MODULE [ARGUMENTS ...]
       python -m cupola.compat -c CODE [ARGUMENTS ...]
       python -m cupola.compat LAUNCHER [ARGUMENTS ...]

Runs a program unchanged: its `torch.utils.tensorboard` and `tensorboardX` are cupola's writer, also where
neither is installed, and also in the processes that it starts.

  SCRIPT      a Python file, or a folder or zip file with a __main__.py; `-` is standard input
  -m MODULE   a module or package: -m my_project.train, -m torch.distributed.run
  -c CODE     a program in a string
  LAUNCHER    a command: torchrun, accelerate, deepspeed, ray, mpirun ...
  -h, --help  this

Options of Python itself stand before -m: python -u -W error -m cupola.compat train.py
"""


class Program(NamedTuple):
    """What runs as `__main__`, and what Python would tell it about itself."""

    code: CodeType
    names: dict[str, Any]
    """`__file__`, `__spec__` and so on."""


def main() -> None:
    """Runs what the process's arguments name, and ends as that ends."""
    if len(sys.argv) < 2:
        _refuse("nothing to run\n\n" + USAGE)
    first, *rest = sys.argv[1:]
    if first in ("-h", "--help"):
        print(USAGE, end="")
    elif first in ("-m", "-c"):
        if not rest:
            _refuse(f"nothing behind {first}; wanted {'a module' if first == '-m' else 'a program'}")
        what, *arguments = rest
        if first == "-m":
            _run(lambda: _module(what), [first, *arguments], search_first=str(Path.cwd()))
        else:
            _run(lambda: _source(what, "<string>"), [first, *arguments], search_first="")
    elif first == "-":
        _run(_standard_input, [first, *rest], search_first="")
    elif first.startswith("-"):
        _refuse(f"unknown option {first}; Python's own stand before -m: python {first} -m cupola.compat ...")
    elif Path(first).is_dir() or first.endswith((".pyz", ".zip")):
        _run(lambda: _container(first), [first, *rest], search_first=None)
    elif _is_python(first):
        _run(lambda: _script(first), [first, *rest], search_first=str(Path(first).resolve().parent))
    elif command := shutil.which(first):
        _execute([command, *rest])
    elif Path(first).exists():
        _refuse(f"{first!r} is neither a Python script nor an executable file")
    else:
        _refuse(
            f"there is no file {str(Path(first).absolute())!r}, and no command {first!r} in PATH; "
            "wanted a script, -m MODULE, or a launcher such as torchrun"
        )


def _refuse(message: str) -> NoReturn:
    print(f"cupola.compat: {message.rstrip()}", file=sys.stderr)
    raise SystemExit(2)


def _is_python(path: str) -> bool:
    """Whether a file is one that Python runs: anything but a script of another interpreter or a binary."""
    if not Path(path).is_file():
        return False
    if Path(path).suffix in (".py", ".pyw", ".pyc"):
        return True
    with open(path, "rb") as file:
        start = file.read(256)
    return b"python" in start.split(b"\n")[0] if start.startswith(b"#!") else b"\0" not in start


def _execute(command: list[str]) -> NoReturn:
    """Runs another program in the place of this one; what it starts of Python has the hook."""
    children.reach()
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(command[0], command)
    raise SystemExit(subprocess.call(command))


def _run(read: Callable[[], Program], argv: list[str], search_first: str | None) -> None:
    """Runs a program in this process and in the module `__main__`, where debuggers and pickle look.

    Args:
        read: gives the program; called when `sys` is as the program will see it.
        argv: its `sys.argv`.
        search_first: what stands first in its `sys.path`; None leaves that to `read`.
    """
    import_hook.install()
    children.reach()
    sys.argv[:] = argv
    if not getattr(sys.flags, "safe_path", False):  # else Python put nothing there
        del sys.path[0]
        if search_first is not None:
            sys.path.insert(0, search_first)
    try:
        program = read()
        names = vars(sys.modules["__main__"])
        builtins = names["__builtins__"]
        names.clear()
        names.update({"__name__": "__main__", "__builtins__": builtins, "__doc__": None, **program.names})
        exec(program.code, names)
    except SystemExit:
        raise
    except BaseException as error:
        # Reported as Python would, without the frames above the program's; then the process ends by it.
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
            trace = trace.tb_next
        sys.excepthook(type(error), error.with_traceback(trace), trace)
        sys.excepthook = lambda *reported: None
        raise


def _source(source: str | bytes, name: str) -> Program:
    code = compile(source, name, "exec", dont_inherit=True)
    return Program(code, dict.fromkeys(("__package__", "__loader__", "__spec__")))


def _standard_input() -> Program:
    program = _source(sys.stdin.read(), "<stdin>")
    return Program(program.code, {**program.names, "__file__": "<stdin>", "__cached__": None})


def _script(path: str) -> Program:
    absolute = _absolute(path)
    names: dict[str, Any] = {"__file__": absolute, "__cached__": None, "__package__": None, "__spec__": None}
    if path.endswith(".pyc"):
        loader = SourcelessFileLoader("__main__", absolute)
        compiled = loader.get_code("__main__")
        assert compiled is not None
        return Program(compiled, {**names, "__loader__": loader})
    with io.open_code(absolute) as file:
        code = _source(file.read(), absolute).code
    return Program(code, {**names, "__loader__": SourceFileLoader("__main__", absolute)})


def _container(path: str) -> Program:
    """The `__main__.py` of a folder or a zip file."""
    sys.path.insert(0, _absolute(path))
    spec = PathFinder.find_spec("__main__", sys.path[:1])
    if spec is None or spec.loader is None:
        _refuse(f"there is no __main__.py in {path!r}")
    return _found(spec, spec.loader.get_code("__main__"))  # type: ignore[attr-defined]


def _module(name: str) -> Program:
    try:
        # Not public, but what `python -m` and pdb use: packages, their __main__, and errors in words.
        _, spec, code = runpy._get_module_details(name)  # type: ignore[attr-defined]
    except ImportError as error:
        _refuse(str(error))
    sys.argv[0] = spec.origin
    return _found(spec, code)


def _absolute(path: str) -> str:
    return os.path.join(os.getcwd(), path)  # noqa: PTH109, PTH118 - as Python does: "./" stays


def _found(spec: ModuleSpec, code: CodeType) -> Program:
    names = {"__file__": spec.origin, "__cached__": spec.cached, "__package__": spec.parent}
    return Program(code, {**names, "__loader__": spec.loader, "__spec__": spec})
