"""Hostile and odd log directories: each builds a run `bad` and says what must be shown of it.

Source: shared experience of TensorBoard's two readers, docs/event_file.md; every fault here stopped, froze or
misled one of them.
"""

from __future__ import annotations

import gzip
import os
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import HistogramProto, Summary, SummaryMetadata
from tests.support.crc import masked_crc32c
from tests.support.log_file import WALL_TIME, LogFile, record, scalar, start, version

ALL = list(range(10))


@dataclass
class Stage:
    """What to do to the log directory, and what it must show then: steps by tag of the run `bad`."""

    build: Callable[[Path], object]
    shown: dict[str, list[int]] = field(default_factory=dict)
    damage: str | None = ""
    """A reason that must be told; empty if nothing may be; None if either will do."""
    series: set[tuple[str, str]] = field(default_factory=set)
    """Further (plugin, tag) that must be listed."""


CASES: dict[str, list[Stage]] = {}


def case(name: str, *stages: Stage) -> None:
    assert name not in CASES
    CASES[name] = list(stages)


def file(root: Path, name: str = "1", run: str = "bad") -> LogFile:
    return LogFile(root / run, name)


def at(root: Path, name: str = "1") -> Path:
    return root / "bad" / f"events.out.tfevents.{name}"


def append(root: Path, data: bytes, name: str = "1") -> None:
    with at(root, name).open("ab") as out:
        out.write(data)


def header(length: int) -> bytes:
    size = struct.pack("<Q", length)
    return size + struct.pack("<I", masked_crc32c(size))


def points(*steps: int, tag: str = "x") -> bytes:
    return b"".join(scalar(tag, step, float(step)) for step in steps)


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :]


def whole(*parts: bytes) -> Callable[[Path], object]:
    """A file of `parts`."""
    return lambda root: file(root).write(*parts)


def more(data: bytes) -> Callable[[Path], object]:
    """The file with `data` at its end."""
    return lambda root: append(root, data)


def middle(data: bytes) -> Callable[[Path], object]:
    """A file with `data` between points 0 to 4 and 5 to 9."""
    return lambda root: file(root).write(points(*ALL[:5]), data, points(*ALL[5:]))


lost = points(77)

# Tails: a state, not an error.
for name, cut in (("header", 5), ("payload", 30), ("last crc", len(lost) - 1)):
    case(
        f"a tail cut in the {name}, completed later",
        Stage(whole(points(0, 1), lost[:cut]), {"x": [0, 1]}),
        Stage(more(lost[cut:] + points(2)), {"x": [0, 1, 77, 2]}),
    )
case("an empty file", Stage(lambda root: (file(root), at(root).write_bytes(b"")), {}))
case(
    "an empty file that is written later",
    Stage(lambda root: (file(root), at(root).write_bytes(b"")), {}),
    Stage(lambda root: append(root, version() + points(*ALL)), {"x": ALL}),
)
case("a file of nothing but its version", Stage(lambda root: file(root), {}))
case("a zero-filled tail", Stage(lambda root: file(root).write(points(*ALL), bytes(4096)), {"x": ALL}, None))
case(
    "a zero-filled tail and a second file",
    Stage(lambda root: file(root).write(points(0, 1), bytes(4096)), {"x": [0, 1]}, None),
    Stage(lambda root: file(root, "2").write(points(2, 3)), {"x": [0, 1, 2, 3]}, None),
)


def zeros_first(root: Path) -> None:
    file(root).write(points(0, 1), bytes(len(points(2, 3, 4))))


def then_data(root: Path) -> None:
    with at(root).open("r+b") as out:
        out.seek(-len(points(2, 3, 4)), os.SEEK_END)
        out.write(points(2, 3, 4))


case(
    "zeros that become data, as on a network file system",
    Stage(zeros_first, {"x": [0, 1]}, None),
    Stage(then_data, {"x": [0, 1, 2, 3, 4]}, None),
    Stage(lambda root: append(root, points(5)), {"x": [0, 1, 2, 3, 4, 5]}, None),
)

# Framing.
case("a wrong length CRC", Stage(middle(flipped(lost, 9)), {"x": ALL}, "length-crc"))
case("a wrong length", Stage(middle(flipped(lost, 0)), {"x": ALL}, "length-crc"))
case("a flipped bit in the payload", Stage(middle(flipped(lost, 20)), {"x": ALL}, "data-crc"))
case(
    "a flipped bit in the payload's CRC", Stage(middle(flipped(lost, len(lost) - 2)), {"x": ALL}, "data-crc")
)
case("a block of zeros", Stage(middle(bytes(512)), {"x": ALL}, "length-crc"))
case("a torn record with others behind it", Stage(middle(lost[:25]), {"x": ALL}, None))
case("a torn header with others behind it", Stage(middle(lost[:7]), {"x": ALL}, "length-crc"))
case("garbage between records", Stage(middle(bytes(range(256)) * 40), {"x": ALL}, "length-crc"))
case("another file's beginning in the middle", Stage(middle(version() * 3), {"x": ALL}))
for power in (31, 44, 62):
    huge = header(1 << power)
    case(
        f"a record of 2^{power} bytes at the end",
        Stage(whole(points(*ALL), huge), {"x": ALL}, None),
    )
    case(f"a record of 2^{power} bytes in the middle", Stage(middle(huge + b"abc"), {"x": ALL}, None))
case("a record of 2^64 - 2 bytes", Stage(middle(header(2**64 - 2)), {"x": ALL}, None))
case("a record of no bytes", Stage(middle(record(b"")), {"x": ALL}))

# Payloads.
deep = b""
for _ in range(3000):
    deep = b"\x0a" + (bytes([len(deep) & 127 | 128, len(deep) >> 7 & 127 | 128, len(deep) >> 14]) + deep)
case("a payload that is no message", Stage(middle(record(b"\xff" * 40)), {"x": ALL}, "event"))
case(
    "a payload that claims more than it has",
    Stage(middle(record(b"\x2a\xff\xff\xff\xff\x0fabc")), {"x": ALL}, "event"),
)
case("a varint of eleven bytes", Stage(middle(record(b"\x10" + b"\xff" * 11)), {"x": ALL}, "event"))
case("field number 0", Stage(middle(record(b"\x00\x01")), {"x": ALL}, "event"))
case("messages nested 3000 deep", Stage(middle(record(b"\x2a" + deep[1:])), {"x": ALL}, None))
case("unknown fields", Stage(middle(record(b"\xfa\x3f\x03abc\x80\x40\x07")), {"x": ALL}))
case("a message of another kind", Stage(middle(record(b"\x0a\x03abc")), {"x": ALL}, None))


def value(**fields: object) -> bytes:
    return record(Event(wall_time=WALL_TIME, step=1, summary=Summary(value=[Summary.Value(**fields)])))


unequal = HistogramProto(min=0, max=1, num=1, sum=1, sum_squares=1, bucket_limit=[1.0, 2.0], bucket=[1.0])
case(
    "a histogram of unequal lists",
    Stage(middle(value(tag="h", histo=unequal)), {"x": ALL}, series={("histograms", "h")}),
)
case("a value without a tag", Stage(middle(value(simple_value=1.0)), {"x": ALL, "": [1]}))
case(
    "a value named by node_name", Stage(middle(value(node_name="n", simple_value=1.0)), {"x": ALL, "n": [1]})
)
odd_tag = points(3, tag="tag").replace(b"tag", b"t\xff\xfe")
odd_tag = record(odd_tag[12:-4])
case("a tag that is not UTF-8", Stage(middle(odd_tag), {"x": ALL, "t\\xff\\xfe": [3]}))
case(
    "metadata that is no message",
    Stage(middle(record(value(tag="m", simple_value=1.0)[12:-4].replace(b"m", b"m"))), {"x": ALL, "m": [1]}),
)


def of_plugin(name: str, tag: str = "m") -> bytes:
    metadata = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name=name, content=b"\xff" * 30))
    return value(tag=tag, metadata=metadata)


for odd in ("../../etc", "<script>", "__proto__", "x" * 10_000, "no\nsuch"):
    name = odd[:12].replace("\n", " ")
    case(f"a plugin called {name}", Stage(middle(of_plugin(odd)), {"x": ALL}, series={(odd, "m")}))
for plugin in (
    "images",
    "audio",
    "text",
    "hparams",
    "mesh",
    "pr_curves",
    "custom_scalars",
    "graphs",
    "histograms",
):
    bad_value = of_plugin(plugin)
    case(f"metadata of {plugin} and no value", Stage(middle(bad_value), {"x": ALL}, series={(plugin, "m")}))
case(
    "an event with a graph that is none",
    Stage(middle(record(Event(graph_def=b"\xff" * 99))), {"x": ALL}, series={("graphs", "__run_graph__")}),
)
bomb = Summary.Image(
    height=30_000, width=30_000, colorspace=1, encoded_image_string=b"\x89PNG\r\n\x1a\n" + bytes(100)
)
case(
    "an image that claims 900 megapixels",
    Stage(middle(value(tag="i", image=bomb)), {"x": ALL}, series={("images", "i")}),
)
many = record(
    Event(
        wall_time=1.0,
        step=4,
        summary=Summary(value=[Summary.Value(tag=f"t{i}", simple_value=1.0) for i in range(3000)]),
    )
)
case("an event of 3000 values", Stage(middle(many), {"x": ALL, "t0": [4], "t2999": [4]}))

# Numbers.
nan_time = scalar("x", 5, 5.0, wall_time=float("nan"))
case("a wall time of NaN", Stage(lambda root: file(root).write(nan_time, points(6)), {"x": [5, 6]}))
far = [-5, -(2**63), 2**63 - 1, 0]
case("the smallest and the largest step", Stage(lambda root: file(root).write(points(*far)), {"x": far}))
backwards = (
    scalar("x", 1, 1.0, 7e9)
    + scalar("x", 2, 2.0, 0.0)
    + scalar("x", 3, 3.0, -5e9)
    + scalar("x", 4, 4.0, 1e300)
)
case("a clock that jumps", Stage(lambda root: file(root).write(backwards), {"x": [1, 2, 3, 4]}))
repeated = [3, 3, 3, 1, 2, 3, 3, 0, 9, 0]
case(
    "steps that repeat and go back", Stage(lambda root: file(root).write(points(*repeated)), {"x": repeated})
)
case("everything at step 0", Stage(lambda root: file(root).write(points(*[0] * 50)), {"x": [0] * 50}))
case(
    "an old file",
    Stage(lambda root: (file(root).write(points(0)), os.utime(at(root), (1, 1))), {"x": [0]}),
    Stage(lambda root: (append(root, points(1)), os.utime(at(root), (2, 2))), {"x": [0, 1]}),
)

# Names.
for odd in (
    "a/b/../c",
    "/",
    "..",
    "<img src=x onerror=alert(1)>",
    "nul\0",
    "\u202ertl",
    "constructor",
    "__proto__",
    "t" * 1_000_000,
):
    label = odd[:20].replace("\0", "0").replace("/", "|")
    case(
        f"a tag called {label}",
        Stage(whole(points(0, 1, tag=odd)), {odd: [0, 1]}),
    )

# Restarts.
case(
    "a restart as TensorFlow writes it",
    Stage(
        lambda root: file(root).write(start(0), points(*range(8)), points(*range(8), tag="y")),
        {"x": list(range(8)), "y": list(range(8))},
    ),
    Stage(
        lambda root: append(root, start(5) + points(5, 6)), {"x": [0, 1, 2, 3, 4, 5, 6], "y": [0, 1, 2, 3, 4]}
    ),
)
case(
    "a restart as purge_step writes it",
    Stage(
        lambda root: file(root).write(points(*range(8)), points(*range(8), tag="y")),
        {"x": list(range(8)), "y": list(range(8))},
    ),
    Stage(
        lambda root: file(root, "2").write(start(5), points(5, 6)),
        {"x": [0, 1, 2, 3, 4, 5, 6], "y": [0, 1, 2, 3, 4]},
    ),
)
case(
    "a restart at a negative step",
    Stage(lambda root: file(root).write(points(*ALL), start(-3), points(1)), {"x": [1]}),
)

# Files that come, go and change.
case(
    "a file that shrinks, then grows",
    Stage(lambda root: file(root).write(points(*ALL)), {"x": ALL}),
    Stage(lambda root: at(root).write_bytes(version() + points(0, 1)), {"x": [0, 1]}),
    Stage(lambda root: append(root, points(*range(20, 40))), {"x": [0, 1, *range(20, 40)]}),
)
case(
    "a file that shrinks and grows between two looks",
    Stage(lambda root: file(root).write(points(*ALL)), {"x": ALL}),
    Stage(lambda root: at(root).write_bytes(version() + points(*range(50, 90))), {"x": list(range(50, 90))}),
)
case(
    "a file replaced by a longer copy",
    Stage(lambda root: file(root).write(points(0, 1)), {"x": [0, 1]}),
    Stage(
        lambda root: LogFile(root / "bad", "new").write(points(0, 1, 2)).path.replace(at(root)),
        {"x": [0, 1, 2]},
    ),
)
case(
    "a run deleted and made again",
    Stage(lambda root: file(root).write(points(*ALL)), {"x": ALL}),
    Stage(lambda root: at(root).unlink(), {}),
    Stage(lambda root: file(root).write(points(7)), {"x": [7]}),
)
case(
    "two files that grow by turns",
    Stage(lambda root: (file(root).write(points(0)), file(root, "2").write(points(10))), {"x": [0, 10]}),
    Stage(lambda root: append(root, points(1)), {"x": [0, 1, 10]}),
    Stage(lambda root: append(root, points(11), "2"), {"x": [0, 1, 10, 11]}),
    Stage(lambda root: append(root, points(2)), {"x": [0, 1, 2, 10, 11]}),
)
case(
    "a new file that sorts before the others",
    Stage(lambda root: file(root, "5").write(points(5)), {"x": [5]}),
    Stage(lambda root: file(root, "4").write(points(4)), {"x": [4, 5]}),
)

# What is no event file.
case("a FIFO", Stage(lambda root: (file(root).write(points(*ALL)), os.mkfifo(at(root, "fifo"))), {"x": ALL}))
case(
    "a directory called like an event file",
    Stage(lambda root: (file(root).write(points(*ALL)), at(root, "d").mkdir()), {"x": ALL}),
)
case(
    "a device",
    Stage(lambda root: (file(root).write(points(*ALL)), at(root, "z").symlink_to("/dev/zero")), {"x": ALL}),
)
case(
    "a link to nowhere",
    Stage(lambda root: (file(root).write(points(*ALL)), at(root, "n").symlink_to("nowhere")), {"x": ALL}),
)
case(
    "a link to itself",
    Stage(
        lambda root: (file(root).write(points(*ALL)), at(root, "s").symlink_to(at(root, "s"))),
        {"x": ALL},
        None,
    ),
)
case(
    "a directory that holds itself",
    Stage(
        lambda root: (file(root).write(points(*ALL)), (root / "bad" / "loop").symlink_to(root)), {"x": ALL}
    ),
)
case(
    "text called like an event file",
    Stage(lambda root: (file(root), at(root).write_text("hello\n" * 99)), {}, "length-crc"),
)
case(
    "an event file in a gzip",
    Stage(lambda root: (file(root), at(root).write_bytes(gzip.compress(points(*ALL)))), {}, "length-crc"),
)
case(
    "a core dump of noise",
    Stage(lambda root: (file(root), at(root).write_bytes(os.urandom(300_000))), {}, "length-crc"),
)
case("an odd file name", Stage(lambda root: file(root, "\n\u202e<b> '").write(points(*ALL)), {"x": ALL}))


def cases() -> Iterator[str]:
    yield from CASES
