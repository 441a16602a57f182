"""FileWriter: summaries and graphs to the event files of one directory."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any

from cupola.events import event
from cupola.peers.event_file_writer import EventFileWriter, Serializable, serialize
from cupola.peers.event_message import event_message
from cupola.peers.hooks import HookableObject, looked_up, opened
from cupola.values.arguments import as_step, as_wall_time
from cupola.writer import encoders
from cupola.writer.event_writer import MAX_BYTES, EventWriter
from cupola.writer.untraced import untraced


@untraced
class FileWriter(HookableObject):
    """What code that makes its own protobuf messages adds them to.

    Messages may come from any library that has `SerializeToString`: tensorboard's, tensorboardX's,
    TensorFlow's, `cupola.summary`'s.
    """

    peer_module = "torch.utils.tensorboard.writer"
    """Where the name `EventFileWriter` is looked up under `cupola.compat`."""

    def __init__(
        self,
        log_dir: Any = None,
        max_queue: int = 10,
        flush_secs: float = 120,
        filename_suffix: str = "",
        *,
        logdir: Any = None,
        max_bytes: int = MAX_BYTES,
        open_now: bool = True,
    ) -> None:
        """Makes the directory and the first event file.

        Args:
            log_dir: a directory, made if it is missing. `logdir` is the same.
            max_queue: accepted for compatibility; memory is bounded by `max_bytes`.
            flush_secs: how many seconds an event may wait in memory; never more than a quarter.
            filename_suffix: end of the event files' names.
            logdir: tensorboardX's name of `log_dir`.
            max_bytes: how many bytes of events may wait in memory while storage is slow or fails.
            open_now: False makes directory and file with the first event, and raises nothing.

        Raises:
            OSError: the directory cannot be used.
        """
        log_dir = logdir if log_dir is None else log_dir
        made = looked_up(self.peer_module, EventFileWriter)
        own = {"max_bytes": max_bytes, "open_now": open_now}  # which a peer's class would not take
        own = {} if own == {"max_bytes": MAX_BYTES, "open_now": True} else own
        self.event_writer = made(os.fspath(log_dir), max_queue, flush_secs, filename_suffix, **own)
        self._defaults: tuple[Any, Any] = (None, None)

    def get_logdir(self) -> str:
        """The directory, as a string."""
        logdir: str = self.event_writer.get_logdir()
        return logdir

    def add_event(self, event: Any, step: Any = None, walltime: Any = None) -> None:
        """Adds an `Event` message; its `wall_time` (and `step`, if one is given) are set in place.

        Args:
            event: the message, or what has `SerializeToString`.
            step: its step; the message's own if none is given.
            walltime: seconds since 1970 UTC; now if none is given.

        Raises:
            WrongType: no message, or a step or wall time that is no number.
        """
        default_step, default_walltime = self._defaults
        step = default_step if step is None else step
        event.wall_time = as_wall_time(default_walltime if walltime is None else walltime)
        if step is not None:
            event.step = as_step(step)
        self.event_writer.add_event(event)

    def add_summary(
        self, summary: Serializable | bytes, global_step: Any = None, walltime: Any = None
    ) -> None:
        """Adds a `Summary` message, or its bytes.

        Args:
            summary: the message, what has `SerializeToString`, or bytes.
            global_step: its step; 0 if none is given.
            walltime: seconds since 1970 UTC; now if none is given.

        Raises:
            WrongType: no message, or a step or wall time that is no number.
        """
        self._write(global_step, walltime, summary=serialize(summary, "summary"))

    def add_graph(self, graph_profile: tuple[Any, Any], walltime: Any = None) -> None:
        """Adds a model's graph and what a pass through it took.

        Args:
            graph_profile: a pair of messages (`GraphDef`, `RunMetadata`), or of their bytes.
            walltime: seconds since 1970 UTC; now if none is given.

        Raises:
            WrongType: no message, or a wall time that is no number.
        """
        graph, profile = graph_profile
        self._write(None, walltime, graph_def=serialize(graph, "graph_profile[0]"))
        tagged = encoders.graphs.encode_tagged(serialize(profile, "graph_profile[1]"))
        self._write(None, walltime, tagged_run_metadata=tagged)

    def add_onnx_graph(self, graph: Serializable | bytes, walltime: Any = None) -> None:
        """Adds a graph.

        Args:
            graph: a `GraphDef` message, or its bytes.
            walltime: seconds since 1970 UTC; now if none is given.

        Raises:
            WrongType: no message, or a wall time that is no number.
        """
        self._write(None, walltime, graph_def=serialize(graph, "graph"))

    add_openvino_graph = add_onnx_graph

    def flush(self) -> None:
        """Returns when everything before the call is with the operating system; at once if storage fails."""
        self.event_writer.flush()

    def close(self) -> None:
        """Flushes and closes the file. Events added later go into a new one."""
        self.event_writer.close()

    def reopen(self) -> None:
        """After `close`: the next event goes into a new file. Does nothing else."""
        self.event_writer.reopen()

    @contextlib.contextmanager
    def use_metadata(self, *, global_step: Any = None, walltime: Any = None) -> Iterator[FileWriter]:
        """Within it, events without a step or wall time of their own have these.

        Args:
            global_step: the step of calls that give none.
            walltime: the wall time of calls that give none, in seconds since 1970 UTC.
        """
        before = self._defaults
        self._defaults = (global_step, walltime)
        try:
            yield self
        finally:
            self._defaults = before

    def _write(self, step: Any, walltime: Any, **what: Any) -> None:
        if is_hooked(self):
            return self.add_event(
                event_message(event.encode_event(0.0, **what), self.peer_module), step, walltime
            )
        default_step, default_walltime = self._defaults
        step = as_step(default_step if step is None else step)
        wall_time = as_wall_time(default_walltime if walltime is None else walltime)
        self.event_writer.file.append(event.encode_event(wall_time, step, **what))


_OWN = {
    function
    for cls in (FileWriter, EventFileWriter)
    for name, function in vars(cls).items()
    if name in ("add_event", "add_summary")
}


def is_hooked(writer: Any) -> bool:
    """Whether something stands between a file writer's methods and the file: a method was replaced or
    overridden, in the class or in the object, or the object that writes events is another.
    """
    events = getattr(writer, "event_writer", None)
    methods = [(writer, "add_event"), (writer, "add_summary"), (events, "add_event")]
    return not all(
        getattr(getattr(owner, name, None), "__func__", None) in _OWN for owner, name in methods
    ) or not isinstance(getattr(events, "file", None), EventWriter)


def around(file: EventWriter, peer_module: str, arguments: tuple[Any, ...]) -> Any:
    """The `FileWriter` of a file that is open already, made as the peer makes its own: by the names in its
    module, where others may have put a subclass.
    """
    with opened(file):
        return looked_up(peer_module, FileWriter)(file.logdir, *arguments)


def deliver(writer: Any, payload: bytes, peer_module: str) -> None:
    """Hands an encoded event to a file writer by the calls that the peers make."""
    message = event_message(payload, peer_module)
    if message.HasField("summary"):
        writer.add_summary(message.summary, message.step, message.wall_time)
    else:
        writer.add_event(message, message.step, message.wall_time)
