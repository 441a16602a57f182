"""Matrix files of every kind, against the libraries that write them; and what is no matrix."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cupola.errors import DecodeError
from cupola.plugins.projector.matrices.contents import Contents
from cupola.plugins.projector.matrices.describe import metadata_of, metadata_of_file
from cupola.plugins.projector.matrices.opened import OpenedFile
from cupola.plugins.projector.matrices.pictures import pictures_in
from cupola.plugins.projector.matrices.read import read_contents

MATRIX = np.random.default_rng(0).standard_normal((50, 6)).astype(np.float32)
LABELS = [f"class {index % 3}" for index in range(50)]


def read(path: Path) -> Contents:
    with path.open("rb") as file:
        return read_contents(file, path.name)


def only(contents: Contents) -> Any:
    (matrix,) = contents.matrices.values()
    found = matrix.read()
    assert found.shape == matrix.shape and found.dtype == np.float32 and found.flags.c_contiguous
    return found


DTYPES = ["f2", "f4", "f8", ">f4", ">f8", "i1", "u1", "i2", ">i4", "i8", "u8", "?"]


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_npy_of_every_kind_of_number(tmp_path: Path, dtype: str, order: Any) -> None:
    matrix = np.asarray(MATRIX * 10, dtype, order=order) if dtype != "u8" else abs(MATRIX * 10).astype("u8")
    np.save(tmp_path / "a.npy", matrix)
    np.testing.assert_array_equal(only(read(tmp_path / "a.npy")), matrix.astype(np.float32))


def test_float32_in_npy_is_the_file_itself(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", MATRIX)
    found = only(read(tmp_path / "a.npy"))
    assert not found.flags.owndata and not found.flags.writeable


def test_bfloat16_in_npy_and_safetensors(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    save_file = pytest.importorskip("safetensors.torch").save_file
    tensor = torch.from_numpy(MATRIX).bfloat16()
    wanted = tensor.float().numpy()
    np.save(tmp_path / "a.npy", tensor.view(torch.int16).numpy().view("V2"))  # as ml_dtypes' arrays are saved
    np.testing.assert_array_equal(only(read(tmp_path / "a.npy")), wanted)
    save_file({"x": tensor}, tmp_path / "a.safetensors")
    np.testing.assert_array_equal(only(read(tmp_path / "a.safetensors")), wanted)


def test_safetensors_of_every_kind_of_number(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    save_file = pytest.importorskip("safetensors.torch").save_file
    kinds = ["float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8", "bool"]
    tensors = {kind: (torch.from_numpy(abs(MATRIX)) * 10).to(getattr(torch, kind)) for kind in kinds}
    save_file(tensors | {"label": torch.arange(50), "layer.bias": torch.ones(50)}, tmp_path / "a.safetensors")
    contents = read(tmp_path / "a.safetensors")
    assert list(contents.columns) == ["label"]
    assert set(contents.matrices) == set(kinds)
    for kind, tensor in tensors.items():
        np.testing.assert_array_equal(contents.matrices[kind].read(), tensor.float().numpy())


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_npz_with_labels(tmp_path: Path, save: Callable[..., None]) -> None:
    save(
        tmp_path / "a.npz", X=MATRIX, Z=MATRIX[:, :2].astype("f8"), y=np.array(LABELS), t=np.zeros((2, 3, 4))
    )
    contents = read(tmp_path / "a.npz")
    np.testing.assert_array_equal(contents.matrices["X"].read(), MATRIX)
    assert set(contents.matrices) == {"X", "Z"}
    assert "t has shape [2, 3, 4]" in contents.left_out[0] and "reshape(2, -1)" in contents.left_out[0]
    (column,) = metadata_of(contents, 50).columns
    assert [column.values[code] for code in column.codes] == LABELS


def arrow_writers() -> dict[str, Callable[[Any, Path], None]]:
    def parquet(table: Any, path: Path) -> None:
        import pyarrow.parquet

        pyarrow.parquet.write_table(table, path, row_group_size=20)

    def feather(table: Any, path: Path) -> None:
        import pyarrow.feather

        pyarrow.feather.write_feather(table, str(path), chunksize=20)

    def stream(table: Any, path: Path) -> None:
        import pyarrow

        with pyarrow.ipc.new_stream(str(path), table.schema) as writer:
            writer.write_table(table, max_chunksize=20)

    return {"a.parquet": parquet, "a.feather": feather, "a.arrow": stream}


@pytest.mark.parametrize("name", arrow_writers())
def test_arrow_tables(tmp_path: Path, name: str) -> None:
    pa = pytest.importorskip("pyarrow")
    write, path = arrow_writers()[name], tmp_path / name
    rows: list[Any] = MATRIX.tolist()
    rows[7] = None
    table = pa.table(
        {
            "lists": pa.array(rows, pa.list_(pa.float64())),
            "fixed": pa.array(MATRIX.tolist(), pa.list_(pa.float32(), 6)),
            "ragged": [[1.0] * (1 + index % 2) for index in range(50)],
            "label": pa.array(LABELS).dictionary_encode(),
            "score": MATRIX[:, 0],
            "place": [{"x": 1}] * 50,
        }
    )
    write(table, path)
    contents = read(path)
    wanted = MATRIX.copy()
    wanted[7] = np.nan
    np.testing.assert_array_equal(contents.matrices["lists"].read(), wanted)
    np.testing.assert_array_equal(contents.matrices["fixed"].read(), MATRIX)
    assert set(contents.matrices) == {"lists", "fixed"}
    assert {column.name for column in metadata_of(contents, 50).columns} == {"label", "score"}
    assert [line.split()[0] for line in contents.left_out] == ["ragged", "place"]
    write(pa.table({f"c{at}": MATRIX[:, at] for at in range(6)} | {"label": LABELS}), path)
    contents = read(path)
    np.testing.assert_array_equal(only(contents), MATRIX)
    assert [column.name for column in metadata_of(contents, 50).columns] == ["label"]


def test_arrow_without_pyarrow_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    (tmp_path / "a.parquet").write_bytes(b"PAR1" + bytes(100))
    with pytest.raises(DecodeError, match=r"pip install 'cupola\[projector\]'"):
        read(tmp_path / "a.parquet")


@pytest.mark.parametrize("separator", ["\t", ","])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_text_without_and_with_names(tmp_path: Path, separator: str, bom: str) -> None:
    path = tmp_path / ("a.tsv" if separator == "\t" else "a.csv")
    lines = [separator.join(map(repr, map(float, row))) for row in MATRIX]
    path.write_text(bom + "\r\n".join(lines), "utf-8")
    np.testing.assert_array_equal(only(read(path)), MATRIX)
    header = separator.join([*"abcdef", "label", "n"])
    table = [
        f"{line}{separator}{label}{separator}{at}"
        for at, (line, label) in enumerate(zip(lines, LABELS, strict=True))
    ]
    path.write_text(bom + "\n".join([header, *table]) + "\n", "utf-8")
    contents = read(path)
    np.testing.assert_array_equal(only(contents), MATRIX)
    assert [column.name for column in metadata_of(contents, 50).columns] == ["label", "n"]


def npy(array: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def npz(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.npy", data)
    return file.getvalue()


def safetensors(header: Any, data: bytes = b"") -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


BAD: dict[str, tuple[bytes, str]] = {
    "empty.npy": (b"", "empty"),
    "cut.npy": (npy(MATRIX)[:-100], "cut short"),
    "header.npy": (npy(MATRIX)[:40], "no array of NumPy"),
    "objects.npy": (npy(np.array([[{}]], object)), "can run any program"),
    "cube.npy": (npy(np.zeros((2, 3, 4))), r"reshape\(2, -1\)"),
    "number.npy": (npy(np.float32(1)), "N×D"),
    "flat.npy": (npy(np.zeros((5, 0))), "points without a number"),
    "complex.npy": (npy(np.zeros((5, 2), complex)), "complex"),
    "times.npy": (npy(np.zeros((5, 2), "M8[s]")), "times"),
    "texts.npy": (npy(np.array([["a", "b"]])), "texts"),
    "records.npy": (npy(np.zeros((5, 2), [("a", "f4")])), "records"),
    "huge.npy": (
        npy(np.zeros((1, 1))).replace(b"(1, 1), }", b"(9999999999, 9999999999), }"),
        "more than any file",
    ),
    "negative.npy": (npy(np.zeros((1, 1))).replace(b"(1, 1), }", b"(-1, 1), } "), "-1"),
    "damaged.npz": (npz(x=npy(MATRIX))[:-200], "damaged archive"),
    "member.npz": (npz(x=npy(MATRIX)[:-100]), "early"),
    "nothing.npz": (npz(), "without a NumPy array"),
    "objects.npz": (npz(x=npy(np.array([[{}]], object))), "can run any program"),
    "model.pt": (b"\x80\x04\x95", "pickle"),
    "data.h5": (b"\x89HDF\r\n\x1a\n" + bytes(20), "HDF5"),
    "a.csv.gz": (b"\x1f\x8b\x08" + bytes(20), "gzip"),
    "a.bin": (bytes(range(129, 256)) * 4, "neither a file of a kind"),
    "cut.safetensors": (
        safetensors({"x": {"dtype": "F32", "shape": [50, 6], "data_offsets": [0, 1200]}}, bytes(8)),
        "cut short",
    ),
    "lie.safetensors": (
        safetensors({"x": {"dtype": "F32", "shape": [50, 6], "data_offsets": [0, 12]}}, bytes(12)),
        "12 bytes",
    ),
    "overlap.safetensors": (
        safetensors({"x": {"dtype": "F32", "shape": [-1, -3], "data_offsets": [0, 12]}}, bytes(12)),
        "12 bytes",
    ),
    "header.safetensors": (struct.pack("<Q", 1 << 60) + b"{}", "claims a header"),
    "list.safetensors": (safetensors([1, 2]), "not safetensors"),
    "types.safetensors": (
        safetensors({"x": {"dtype": 5, "shape": "a", "data_offsets": None}}),
        "not safetensors",
    ),
    "fp8.safetensors": (
        safetensors({"x": {"dtype": "F8_E4M3", "shape": [4, 2], "data_offsets": [0, 8]}}, bytes(8)),
        "F8_E4M3",
    ),
    "ragged.csv": (b"1,2,3\n4,5\n", "2 numbers"),
    "words.csv": (b"1,2\n3,x\n", "could not convert"),
    "table.csv": (b"a,b\n1,2\n3\n", "1 cells"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_matrix_is_said_in_a_sentence(tmp_path: Path, name: str) -> None:
    data, said = BAD[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DecodeError, match=said) as caught:
        contents = read(tmp_path / name)
        for matrix in contents.matrices.values():
            matrix.read()
    assert name.split(".")[0] in str(caught.value) or "row" in str(caught.value) or "x" in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("cut", range(0, 1500, 37))
@pytest.mark.parametrize("kind", ["npy", "npz", "safetensors", "tsv"])
def test_a_file_cut_anywhere_breaks_nothing(tmp_path: Path, kind: str, cut: int) -> None:
    whole = {
        "npy": npy(MATRIX),
        "npz": npz(x=npy(MATRIX)),
        "safetensors": safetensors(
            {"x": {"dtype": "F32", "shape": [50, 6], "data_offsets": [0, 1200]}}, MATRIX.tobytes()
        ),
        "tsv": "\n".join("\t".join(map(str, row)) for row in MATRIX).encode(),
    }[kind]
    path = tmp_path / f"a.{kind}"
    path.write_bytes(whole[:cut])
    try:
        contents = read(path)
    except DecodeError:
        return
    for matrix in contents.matrices.values():
        assert matrix.read().shape == matrix.shape


@pytest.mark.parametrize("rows", [1, 2, 49, 50, 51, 300])
@pytest.mark.parametrize("suffix", ["tsv", "csv", "npy"])
def test_metadata_shorter_and_longer(tmp_path: Path, rows: int, suffix: str) -> None:
    path = tmp_path / f"m.{suffix}"
    names = [f"n{at}" for at in range(rows)]
    if suffix == "npy":
        np.save(path, np.array(names))
    elif suffix == "csv":
        path.write_text("name,n\n" + "".join(f'"{name}",{at}\n' for at, name in enumerate(names)))
    else:
        path.write_text("name\tn\n" + "".join(f"{name}\t{at}\n" for at, name in enumerate(names)))
    if rows == 49 and suffix == "csv":
        return  # exactly a line for each point: read as a file without names
    told = metadata_of_file(path, 50)
    assert told.rows == rows
    values = [told.columns[0].values[code] for code in told.columns[0].codes]
    assert values == (names + [""] * 50)[:50]


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    np.save(path, MATRIX)
    file = OpenedFile("a.npy", "a.npy", lambda: path.open("rb"))
    first = file.matrix("a")[0]
    np.save(tmp_path / "b.npy", MATRIX[:10])
    (tmp_path / "b.npy").replace(path)
    key, read_matrix = file.matrix("a")
    assert key != first and read_matrix().shape == (10, 6)
    path.unlink()
    with pytest.raises(DecodeError, match="cannot be read"):
        file.matrix("a")


def test_images_by_name_and_by_order(tmp_path: Path) -> None:
    from PIL import Image

    for at in range(12):
        Image.new("RGB", (8, 4), (at, 0, 0)).save(tmp_path / f"p{at}.png")
    (tmp_path / "p3.png").write_bytes(b"no image")
    pictures = pictures_in(tmp_path)
    assert pictures.tile == (8, 4) and pictures.count == 12
    cut = pictures.cut(np.array([2, 10, 3, 99]), 8)
    assert cut[:, 0, 0].tolist() == [[2, 0, 0, 255], [10, 0, 0, 255], [0, 0, 0, 0], [0, 0, 0, 0]]
    names = [f"some/folder/p{at}" for at in (5, 1, 7)] + ["none"]
    np.savez(tmp_path / "a.npz", x=MATRIX[:4], image=np.array(names))
    file = OpenedFile("a", "a.npz", lambda: (tmp_path / "a.npz").open("rb"), None, pictures)
    named = file.pictures("x")
    assert named.order.tolist() == [5, 1, 7, -1]
    assert named.version != pictures.version
