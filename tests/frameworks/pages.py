"""The programs of the pages `docs/with/<framework>.md`, as they stand there and as a peer would run them."""

from __future__ import annotations

import re
from pathlib import Path

TO_PEER = (
    (r"^import cupola\.compat.*\n", ""),
    (r"^from cupola import SummaryWriter$", "from torch.utils.tensorboard import SummaryWriter"),
    (r", strict=False\b", ""),
    (r"\{\"strict\": False\}", "{}"),
    (r"^os\.environ\[\"CUPOLA_STRICT\"\].*\n", ""),
)
"""What makes a page's program one that has never heard of cupola."""


def code_blocks(page: Path) -> list[str]:
    return re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)


def by_peer(source: str) -> str:
    for pattern, instead in TO_PEER:
        source = re.sub(pattern, instead, source, flags=re.MULTILINE)
    assert "cupola" not in re.sub(r"\bCupola\b|#.*", "", source), source
    return source
