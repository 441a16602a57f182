"""What stands below the cell: a sentence, in whose place a script puts the page if it can be reached."""

from __future__ import annotations

import html as html_text
import json
import os
import secrets
from pathlib import Path
from typing import Final

from cupola.notebook.servers import Server

SCRIPT: Final = Path(__file__).with_name("frame.js")


def html(server: Server, height_px: int) -> str:
    """The cell's output.

    Args:
        server: whose page is shown.
        height_px: of the frame.
    """
    shows = html_text.escape(server.shows)
    settings = {
        "id": f"cupola-{secrets.token_hex(8)}",
        "scheme": server.scheme,
        "port": server.port,
        "path": server.path,
        "shows": server.shows,
        "height": height_px,
        "proxies": proxies(server.port),
    }
    # In a script `</` and `<!--` would end it or hide what follows.
    safe = json.dumps(settings).replace("<", "\\u003c")
    return (
        f'<div id="{settings["id"]}"><p>cupola showed {shows} here while the kernel ran. Run the cell again '
        "to see it. (A notebook that is not trusted, or was exported, cannot show it: "
        "<code>cupola.show(log, tag=…)</code> makes charts that stay.)</p></div>"
        f"<script>({SCRIPT.read_text('utf-8').strip()})({safe});</script>"
    )


def proxies(port: int) -> list[str]:
    """Addresses under which the environment says that a port of this machine is reached, best first."""
    for name in ("CUPOLA_PROXY_URL", "TENSORBOARD_PROXY_URL", "VSCODE_PROXY_URI"):
        template = os.environ.get(name, "")
        if template:
            filled = template.replace("%PORT%", str(port)).replace("{{port}}", str(port))
            return [filled.rstrip("/")]
    return []
