"""Docstrings of what users may call say what every argument is, and which errors come of wrong ones."""

from __future__ import annotations

import inspect
import re

import pytest
from tests.support.public_api import CLASSES, Member, members, public_functions
from tests.support.public_api import FUNCTIONS as NAMED

import cupola

NOTHING_TO_REFUSE = {
    "cupola.FileWriter.use_metadata",
    "cupola.SummaryWriter.use_metadata",
    "cupola.compat.TensorboardXWriter.use_metadata",
    "cupola.summary.Summary.HasField",
    "cupola.summary.Summary.__init__",
    "cupola.summary.half_to_int",
    "cupola.summary.int_to_half",
}
"""What takes arguments and checks none of them."""

FUNCTIONS = public_functions()


def arguments(member: Member) -> list[str]:
    parameters = inspect.signature(inspect.unwrap(member.value)).parameters.values()
    return [each.name for each in parameters if each.name != "self" and each.kind is not each.VAR_KEYWORD]


def section(member: Member, title: str) -> dict[str, str]:
    """Names to texts of a docstring's section, of Google's style."""
    text = inspect.getdoc(member.value) or ""
    found = re.search(rf"^{title}:\n((?:    .*\n?|\n)+)", text, re.MULTILINE)
    lines = re.findall(r"^    (\S[^:]*): ((?:.|\n     )+)", found[1] if found else "", re.MULTILINE)
    return {name: said for name, said in lines}


def test_there_is_something_to_check() -> None:
    names = {member.name for member in FUNCTIONS}
    assert {"cupola.SummaryWriter.add_image", "cupola.open", "cupola.SummaryWriter.__init__"} <= names
    member = next(member for member in FUNCTIONS if member.name == "cupola.SummaryWriter.add_hparams")
    assert "or\nargparse" in re.sub(r"\n +", "\n", section(member, "Args")["hparam_dict"])


def test_everything_that_cupola_exports_is_checked() -> None:
    named = {name.removeprefix("cupola.") for name in (*CLASSES, *NAMED)}
    assert set(cupola.__all__) - named == {"__version__", "summary"}  # a number, a module


@pytest.mark.parametrize("member", FUNCTIONS, ids=lambda member: member.name)
def test_every_argument_is_explained_in_order(member: Member) -> None:
    assert list(section(member, "Args")) == arguments(member)


@pytest.mark.parametrize("member", FUNCTIONS, ids=lambda member: member.name)
def test_errors_are_named_wherever_something_is_taken(member: Member) -> None:
    if arguments(member) and member.name not in NOTHING_TO_REFUSE and not member.name.endswith(".coded"):
        assert section(member, "Raises")


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_every_class_and_property_says_what_it_is(name: str) -> None:
    cls = CLASSES[name]
    assert cls.__doc__ and not cls.__doc__.startswith(f"{cls.__name__}(")
    assert [name for name, value in members(cls) if name != "__init__" and not value.__doc__] == []
