"""Protobuf's text format, as far as a config needs it: fields with their places in the text.

There is no schema: a value is a word of the text (strings keep their quotes) or a message.

Source: https://protobuf.dev/reference/protobuf/textformat-spec/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from cupola.errors import DecodeError

MAX_DEPTH: Final = 100
"""Deepest nesting that is followed, as in `events.wire`."""

# No two ways to match the same text: a hostile file costs linear time.
_TOKEN: Final = re.compile(
    r"""[ \t\r\n\v\f]* (?:\#[^\n]*(?:\n|\Z)[ \t\r\n\v\f]*)*
    (?: (?P<word>[A-Za-z_][A-Za-z0-9_.]*)
      | (?P<number>(?:-[ \t]*)?(?:[0-9.](?:[eE][+-]|[A-Za-z0-9_.])*|inf\w*|nan))
      | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<mark>[{}<>\[\]:,;])
      | (?P<end>\Z) )""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_ESCAPE: Final = re.compile(
    rb"\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL
)
_LETTERS: Final = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}

Message: TypeAlias = "list[Field]"


@dataclass(frozen=True, slots=True)
class Field:
    """One field; `text[start:end]` is all of it."""

    name: str
    values: list[str | Message]
    """More than one if the field stands as a list `[…]`. Adjacent strings are one value."""
    start: int
    end: int


def parse(text: str) -> Message:
    """The fields of the message that a text holds.

    Raises:
        DecodeError: the text is not in the format.
    """
    return _Reader(text).message("", 0)


def quote(value: str) -> str:
    """A string literal. What is not ASCII stays as it is, since the file is UTF-8."""
    clean = value.encode("utf-8", "replace").decode()
    escaped = re.sub(
        r"[\x00-\x1f\x7f]", lambda match: f"\\{ord(match[0]):03o}", re.sub(r'([\\"])', r"\\\1", clean)
    )
    return f'"{escaped}"'


def unquote(literals: str) -> str:
    """The string that adjacent literals stand for; bytes that are not UTF-8 as backslash escapes."""
    out = b""
    for match in _TOKEN.finditer(literals):
        if match["string"]:
            out += _ESCAPE.sub(_escaped, match["string"][1:-1].encode("utf-8", "replace"))
    return out.decode("utf-8", "backslashreplace")


def _escaped(match: re.Match[bytes]) -> bytes:
    octal, hexadecimal, short, long, other = match.groups()
    if octal:
        return bytes([int(octal, 8) & 0xFF])
    if hexadecimal:
        return bytes([int(hexadecimal, 16)])
    if short or long:
        point = int(short or long, 16)
        return chr(point).encode("utf-8", "replace") if point < 0x110000 else b"?"
    return _LETTERS.get(other, other)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.end = 0  # of the current token
        self.kind, self.token, self.start = "", "", 0
        self.step()

    def step(self) -> None:
        match = _TOKEN.match(self.text, self.end)
        if match is None or match.lastgroup is None:
            raise self.error("something else")
        self.kind, self.token = match.lastgroup, match[match.lastgroup]
        self.start, self.end = match.start(match.lastgroup), match.end()

    def error(self, wanted: str) -> DecodeError:
        line = self.text.count("\n", 0, self.end) + 1
        seen = self.text[self.end - len(self.token) : self.end + 20].split("\n")[0].strip()
        error = DecodeError(f"line {line}: saw {repr(seen) if seen else 'the end'}, wanted {wanted}")
        return error.coded("config_syntax", line=line, seen=seen, wanted=wanted)

    def message(self, closing: str, depth: int) -> Message:
        """Fields up to the closing mark, which is left as the current token."""
        if depth > MAX_DEPTH:
            raise self.error(f"at most {MAX_DEPTH} levels")
        fields: Message = []
        while self.token != closing or (not closing and self.kind != "end"):
            name = self.name()
            start, end = name[1], self.end
            values: list[str | Message]
            colon = self.token == ":"
            if colon:
                self.step()
            if self.token == "[":
                values = []
                self.step()
                while self.token != "]":
                    values.append(self.value(depth)[0])
                    if self.token == ",":
                        self.step()
                    elif self.token != "]":
                        raise self.error("`,` or `]`")
                end = self.end
                self.step()
            elif colon or self.token in ("{", "<"):
                value, end = self.value(depth)
                values = [value]
            else:
                raise self.error("`:` or `{`")
            if self.token in (",", ";") and self.kind == "mark":
                end = self.end
                self.step()
            fields.append(Field(name[0], values, start, end))
        return fields

    def name(self) -> tuple[str, int]:
        if self.kind != "word":
            raise self.error("a field's name")
        word, start = self.token, self.start
        self.step()
        return word, start

    def value(self, depth: int) -> tuple[str | Message, int]:
        """A value and where it ends."""
        if self.kind == "mark" and self.token in ("{", "<"):
            closing = "}" if self.token == "{" else ">"
            self.step()
            message = self.message(closing, depth + 1)
            end = self.end
            self.step()
            return message, end
        if self.kind == "string":
            literals, end = [], self.end
            while self.kind == "string":
                literals.append(self.token)
                end = self.end
                self.step()
            return " ".join(literals), end
        if self.kind in ("word", "number"):
            word, end = self.token, self.end
            self.step()
            return word, end
        raise self.error("a value")
