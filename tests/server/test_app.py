"""The catalog and the errors: everything a client can get wrong has an answer, and none is a 500."""

from __future__ import annotations

import functools
import json
import math
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.histogram_pb2 import HistogramProto
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.plugins.text.summary_v2 import text_pb
from tests.support.log import read
from tests.support.log_file import WALL_TIME, LogFile, record, tensor
from tests.support.server import Client, client

from cupola import __version__
from cupola.columns import decode_columns
from cupola.plugins import plugin_module, plugins


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    LogFile(tmp_path / "a2").points("loss", range(5))
    LogFile(tmp_path / "a10").points("loss", [7, 8]).points("acc", [1]).write(tensor("note", 3, "text"))
    return tmp_path


def test_info(logdir: Path):
    info = client(read(logdir), window_title="mine").get("/api/info").json()
    assert info.pop("rooms") == [name for name in plugins() if plugin_module(name, "api")]
    assert info == {"version": __version__, "location": str(logdir), "window_title": "mine"}


def test_catalog(logdir: Path):
    provider = read(logdir)
    document = client(provider).get("/api/catalog").json()
    assert document["cursor"] == provider.changes(0).cursor and document["loading"] is False
    assert [(run["run"], run["files"], run["damage"]) for run in document["runs"]] == [
        ("a2", 1, []),
        ("a10", 1, []),
    ]
    assert document["runs"][0]["start_wall_time"] == WALL_TIME
    assert document["runs"][0]["bytes"] == next((logdir / "a2").iterdir()).stat().st_size
    acc, loss = document["series"]["scalars"]
    assert acc["tag"] == "acc" and acc["runs"] == [1] and acc["counts"] == [1]
    assert loss == {
        "tag": "loss",
        "display_name": "",
        "description": "",
        "runs": [0, 1],
        "counts": [5, 2],
        "first_steps": [0, 7],
        "last_steps": [4, 8],
    }
    assert [entry["tag"] for entry in document["series"]["text"]] == ["note"]


def test_about(logdir: Path):
    said = client(read(logdir)).get("/api/about").json()
    assert said["version"] == __version__ and (said["documentation"] or "https://").startswith("https://")


def test_progress(logdir: Path):
    said = client(read(logdir)).get("/api/progress").json()
    assert said.pop("elapsed_s") >= 0 and said.pop("bytes") == said.pop("bytes_read") > 0
    assert said == {"loading": False, "files": 2, "files_read": 2, "points": 9, "runs": 2}


def test_the_catalog_is_made_anew_when_something_changed(logdir: Path):
    provider = read(logdir)
    asked = client(provider)
    first = asked.get("/api/catalog")
    assert asked.get("/api/catalog").content == first.content
    LogFile(logdir / "new").points("loss", [1])
    provider.poll()
    assert [run["run"] for run in asked.get("/api/catalog").json()["runs"]] == ["a2", "a10", "new"]


def test_display_name_and_description_come_from_the_first_value(tmp_path: Path):
    metadata = SummaryMetadata(display_name="Loss", summary_description="*falls*")
    metadata.plugin_data.plugin_name = "scalars"
    value = Summary.Value(tag="l", simple_value=1.0, metadata=metadata)
    file = LogFile(tmp_path).write(record(Event(wall_time=math.nan, summary=Summary(value=[value]))))
    file.points("l", [1])
    document = client(read(tmp_path)).get("/api/catalog").json()
    (entry,) = document["series"]["scalars"]
    assert (entry["display_name"], entry["description"], entry["counts"]) == ("Loss", "*falls*", [2])


def test_names_that_are_javascripts_own_and_other_odd_ones(tmp_path: Path):
    names = [
        "__proto__",
        "constructor",
        "toString",
        "hasOwnProperty",
        "../../etc/passwd",
        "<img src=x>",
        "\u202ertl",
    ]
    names += ["a\0b", "", "x" * 60_000, "tab\tnew\nline", "😀", '"quoted"', "a/b/c", "%2e%2e"]
    file = LogFile(tmp_path / "constructor")
    for name in names:
        file.points(name, [1, 2])
    asked = client(read(tmp_path))
    document = asked.get("/api/catalog").json()
    assert sorted(entry["tag"] for entry in document["series"]["scalars"]) == sorted(names)
    for name in names:
        answer = asked.get("/api/scalars/series", params={"run": "constructor", "tag": name})
        assert [row[1:] for row in answer.json()] == [[1, 1.0], [2, 2.0]]
        table = decode_columns(asked.post("/api/scalars/table", {"tags": [name]}).content)
        assert table["runs"] == ["constructor"] and table["tags"][0]["last"].tolist() == [2.0]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nothing", 404),
        ("GET", "/api", 404),
        ("GET", "/api/", 404),
        ("GET", "/api/scalars", 404),
        ("GET", "/api/catalog/", 404),
        ("POST", "/api/catalog", 405),
        ("GET", "/api/scalars/data", 405),
        ("DELETE", "/", 405),
        ("GET", "/api/live?cursor=x", 400),
        ("GET", "/api/live?cursor=-1", 400),
        ("GET", "/api/scalars/series", 400),
        ("GET", "/api/scalars/series?run=a2&tag=none", 404),
        ("GET", "/../../../etc/passwd", 404),
        ("GET", "/%2e%2e/%2e%2e/etc/passwd", 404),
        ("GET", "/assets/..%5c..%5capp.py", 404),
        ("GET", "/%00", 404),
    ],
)
def test_errors_are_json_that_says_what_to_do(logdir: Path, method: str, path: str, status: int):
    answer = client(read(logdir)).ask(method, path)
    assert answer.status_code == status
    assert list(answer.json()) == ["error"] and len(answer.json()["error"]) > 20


def test_a_path_prefix(logdir: Path):
    asked = client(read(logdir), path_prefix="/team/cupola")
    assert asked.get("/team/cupola/api/info").status_code == 200
    assert asked.get("/team/cupola/").headers["content-type"].startswith("text/html")
    assert asked.get("/team/cupola").headers["Location"] == "/team/cupola/"
    assert asked.get("/api/info").status_code == asked.get("/").status_code == 404
    assert asked.get("/team/cupola/api/nothing").status_code == 404


def test_a_room_that_fails_to_load_leaves_the_others(logdir: Path, monkeypatch, caplog):
    monkeypatch.setattr(plugin_module("text", "api"), "routes", lambda provider: 1 / 0)
    asked = client(read(logdir))
    rooms = asked.get("/api/info").json()["rooms"]
    assert "text" not in rooms and "scalars" in rooms
    assert "text answers nothing" in caplog.text


numbers = st.integers() | st.integers(-(10**420), 10**420) | st.floats() | st.sampled_from([2**63, -(2**64)])
json_values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
MEMBERS = ["tag", "run", "runs", "keys", "key", "x", "range", "width", "smoothing", "pick", "index"]
MEMBERS += ["start", "count", "sample", "step", "name", "query", "k", "rows"]
members = st.sampled_from(MEMBERS)
ranges = st.lists(numbers | st.booleans(), min_size=2, max_size=2)


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory) -> Client:
    """A log in which every plugin that answers has something, most of it under the tag `loss`."""
    logdir = tmp_path_factory.mktemp("fuzz")
    file = LogFile(logdir / "a").points("loss", range(50))
    file.write(record(Event(wall_time=1.0, step=1, summary=Summary(value=_values_of_every_kind()))))
    (logdir / "a" / "projector_config.pbtxt").write_text(
        'embeddings { tensor_name: "loss" tensor_path: "vectors.tsv" metadata_path: "words.tsv" }'
    )
    (logdir / "a" / "vectors.tsv").write_text("1\t2\n3\t4\n")
    (logdir / "a" / "words.tsv").write_text("a\nb\n")
    return client(read(logdir))


def _values_of_every_kind() -> list[Summary.Value]:
    histogram = HistogramProto(min=0, max=2, num=3, bucket_limit=[1, 2], bucket=[1, 2])
    text = text_pb("loss", "# title").value[0]
    graph = text_pb("model", "no graph").value[0]
    graph.metadata.plugin_data.plugin_name = "graph_keras_model"
    image = Summary.Image(width=1, height=1, encoded_image_string=b"\x89PNG\r\n\x1a\n")
    return [
        Summary.Value(tag="loss", histo=histogram),
        Summary.Value(tag="loss", image=image),
        text,
        graph,
    ]


@functools.cache
def _paths(client: Client) -> list[tuple[str, str]]:
    found = [("GET", "/info"), ("GET", "/catalog")]
    for name in client.get("/api/info").json()["rooms"]:
        api = plugin_module(name, "api")
        assert api is not None
        for route in api.routes(read(Path("/nonexistent"))):
            found += [(method, f"/{name}{route.path}") for method in sorted(route.methods - {"HEAD"})]
    return found


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_request_is_answered_with_500(fuzzed: Client, data: st.DataObject):
    method, path = data.draw(st.sampled_from(_paths(fuzzed)))
    if method == "POST":
        body = data.draw(st.dictionaries(members | st.text(max_size=8), json_values, max_size=7))
        if data.draw(st.booleans()):
            body |= {"tag": "loss", "run": "a", "runs": None}
        if data.draw(st.booleans()):
            body["range"] = data.draw(ranges)
        answer = fuzzed.ask(
            method, f"/api{path}", json=None, content=json.dumps(body).encode("utf-8", "replace")
        )
        assert answer.status_code == 415
        headers = {"Content-Type": "application/json"}
        content = json.dumps(body).encode("utf-8", "replace")
        answer = fuzzed.ask(method, f"/api{path}", content=content, headers=headers)
    else:
        query = data.draw(st.dictionaries(members | st.text(max_size=8), st.text(max_size=20), max_size=7))
        if data.draw(st.booleans()):
            query |= {"tag": "loss", "run": "a", "name": "loss"}
            if "/graph" in path:
                query["key"] = fuzzed.get("/api/graphs/list").json()["graphs"][0]["key"]
        if data.draw(st.booleans()):
            query |= {data.draw(members): str(data.draw(numbers))}
        answer = fuzzed.ask(method, f"/api{path}", params=query)
    assert answer.status_code < 500, (method, path, answer.text)
    if answer.status_code >= 400:
        assert answer.json()["error"]


# What each route takes as a number, beside the rest of a question that is answered.
IN_BODY: dict[tuple[str, str], dict[str, Any]] = {
    ("/scalars/data", "range"): {"tag": "loss"},
    ("/scalars/data", "width"): {"tag": "loss"},
    ("/scalars/data", "smoothing"): {"tag": "loss"},
    ("/histograms/data", "range"): {"tag": "loss"},
    ("/histograms/data", "width"): {"tag": "loss"},
    ("/histograms/data", "pick"): {"tag": "loss"},
}
IN_QUERY: dict[tuple[str, str], dict[str, Any]] = {
    ("/live", "cursor"): {},
    ("/images/image", "sample"): {"key": "any"},
    ("/projector/pca", "sphereize"): {"run": "a", "name": "loss"},
    ("/projector/neighbours", "index"): {"run": "a", "name": "loss"},
    ("/projector/neighbours", "count"): {"run": "a", "name": "loss", "index": 0},
}
HOSTILE = [10**400, -(10**400), 10**40, 2**64, 2**63, -(2**63) - 1, True, "1", [], {}]
HOSTILE_WORDS = ["1" * 400, "-" + "1" * 400, str(2**64), str(2**63)]
HOSTILE_WORDS += ["1e400", "NaN", "Infinity", "true", "", "1.5"]


@pytest.mark.parametrize(("path", "name"), IN_BODY)
def test_numbers_out_of_bounds_in_a_body_are_refused(fuzzed: Client, path: str, name: str):
    body = IN_BODY[path, name]
    assert fuzzed.post(f"/api{path}", body).status_code == 200
    for value in HOSTILE:
        for sent in ([value, 1], [0, value]) if name == "range" else (value,):
            answer = fuzzed.post(f"/api{path}", body | {name: sent})
            assert answer.status_code == 400, (sent, answer.text)
            assert name in answer.json()["error"] and len(answer.json()["error"]) < 300


@pytest.mark.parametrize(("path", "name"), IN_QUERY)
def test_numbers_out_of_bounds_in_a_query_are_refused(fuzzed: Client, path: str, name: str):
    for value in HOSTILE_WORDS:
        answer = fuzzed.get(f"/api{path}", params=IN_QUERY[path, name] | {name: value})
        assert answer.status_code == 400, (value, answer.text)
        assert name in answer.json()["error"] and len(answer.json()["error"]) < 300


def test_bodies_that_are_no_json(fuzzed: Client):
    generator = random.Random(3)
    bodies = [
        b"",
        b"[]",
        b"1",
        b"nul",
        b"{",
        b"{}x",
        b"\xff\xfe",
        b'{"tag": NaN}',
        b'{"tag": "a"',
        b"[" * 100_000,
    ]
    bodies += [b'{"width": ' + b"9" * 10_000 + b', "tag": "loss"}', b'{"tag": "loss", "smoothing": 1e999}']
    bodies += [generator.randbytes(50) for _ in range(50)]
    for body in bodies:
        answer = fuzzed.ask(
            "POST",
            "/api/scalars/data",
            content=body,
            headers={"Content-Type": "application/json; charset=utf-8"},
        )
        assert answer.status_code == 400, body[:40]


def test_a_body_without_bound_is_refused(fuzzed: Client, monkeypatch):
    monkeypatch.setattr("cupola.http.bodies.MAX_BODY_BYTES", 1000)
    assert fuzzed.post("/api/scalars/table", {"tags": ["x" * 1000]}).status_code == 413
