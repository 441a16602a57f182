"""`add_text`: torch's texts, byte for byte."""

from __future__ import annotations

from typing import Any

import pytest
from tensorboard.util import tensor_util
from tests.support.encoded import summary, value
from torch.utils.tensorboard import summary as torch_summary

from cupola.errors import WrongType
from cupola.plugins.text import encode


@pytest.mark.parametrize("text", ["text 123", "", "a|b\n-|-\nc|d", "训练 🚀\0"])
def test_texts_are_torchs(text: str) -> None:
    assert summary(encode.text("t", text)) == torch_summary.text("t", text)


def test_lone_surrogates_do_not_stop_training() -> None:
    assert tensor_util.make_ndarray(value(encode.text("t", "a\ud800b")).tensor).tolist() == [b"a?b"]


@pytest.mark.parametrize("given", [b"bytes", ["a", "b"], None, 3])
def test_refuses_at_the_call(given: Any) -> None:
    with pytest.raises(WrongType, match=f"text_string is of type {type(given).__name__}"):
        encode.text("t", given)
