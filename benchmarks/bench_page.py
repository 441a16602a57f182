"""The scalars page in a real browser, in turn with TensorBoard's: time to the first painted chart, script,
latency of a new point.

Log: 10 runs × 20 tags × 1000 steps. Both servers are warm (everything read) before the first page opens; a
page opens in a fresh profile of one Chromium without a GPU, A B A B, medians. "Painted" is judged alike for
both: the first frame in which the first chart's canvas, drawn small onto a probe, has pixels of a line's
colour.
"""

from __future__ import annotations

import json
import math
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from cupola import SummaryWriter

RUNS, TAGS, STEPS = 10, 20, 1000
ROUNDS = 5
POINTS = 20
START_S = 60.0
VIEWPORT: ViewportSize = {"width": 1440, "height": 900}

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]

# The first chart's canvas on either page.
CUPOLA_CHART = "[data-card] canvas"
TENSORBOARD_CHART = "line-chart canvas"

LOOK = """(selector => {
    const probe = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    [probe.canvas.width, probe.canvas.height] = [180, 90];
    const coloured = () => {
        const chart = document.querySelector(selector);
        if (!chart || chart.width < 50) return 0;
        probe.clearRect(0, 0, 180, 90);
        probe.drawImage(chart, 0, 0, 180, 90);
        const pixels = probe.getImageData(0, 0, 180, 90).data;
        let count = 0;
        // Axes, text and grid of both pages are grey.
        for (let i = 0; i < pixels.length; i += 4) {
            const [r, g, b, alpha] = [pixels[i], pixels[i + 1], pixels[i + 2], pixels[i + 3]];
            if (alpha > 60 && Math.max(r, g, b) - Math.min(r, g, b) > 50) count++;
        }
        return count;
    };
    const look = () => {
        if (coloured() > 30) window.paintedAt = performance.now();
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
})"""


def run() -> list[dict[str, Any]]:
    """Rows {name, cupola, peer, ratio, unit, goal, reached}; the peer is TensorBoard."""
    with tempfile.TemporaryDirectory() as folder:
        logdir = Path(folder)
        write_logs(logdir)
        with serve_cupola(logdir) as ours, serve_tensorboard(logdir) as theirs, chromium() as browser:
            visits = measure(browser, ours, theirs)
            latency_ms = new_point_ms(browser, ours, logdir)
    paint = {name: statistics.median(visit["painted_ms"] for visit in visits[name]) for name in visits}
    script = {name: statistics.median(visit["script_kB"] for visit in visits[name]) for name in visits}
    ratio = paint["tensorboard"] / paint["cupola"]
    return [
        row(
            "scalars page, navigation to first painted chart",
            paint["cupola"],
            paint["tensorboard"],
            ratio,
            "ms",
            "≥ 4×",
            ratio >= 4,
        ),
        row(
            "scalars page, compressed script",
            script["cupola"],
            script["tensorboard"],
            script["tensorboard"] / script["cupola"],
            "kB",
            "≤ 250 kB",
            script["cupola"] <= 250,
        ),
        row(
            "new point in the file → number on the page",
            latency_ms,
            None,
            None,
            "ms",
            "≤ 500 ms",
            latency_ms <= 500,
        ),
    ]


def row(
    name: str, cupola: float, peer: float | None, ratio: float | None, unit: str, goal: str, reached: bool
) -> dict[str, Any]:
    return {
        "name": name,
        "cupola": round(cupola, 1),
        "peer": None if peer is None else round(peer, 1),
        "ratio": None if ratio is None else round(ratio, 2),
        "unit": unit,
        "goal": goal,
        "reached": reached,
    }


def write_logs(logdir: Path) -> None:
    for r in range(RUNS):
        with SummaryWriter(logdir / f"resnet18/lr{r}") as writer:
            for step in range(STEPS):
                for tag in range(TAGS):
                    value = math.exp(-step / (100 + 40 * r)) + 0.1 * math.sin(step * (tag + 1))
                    writer.add_scalar(f"group{tag // 5}/tag{tag}", value, step * 10)


@contextmanager
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield browser
        browser.close()


@contextmanager
def process(*command: str) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(10)


def address_of(child: subprocess.Popen[str]) -> str:
    assert child.stdout
    for line in child.stdout:
        if found := re.search(r"http://[^\s(]+", line):
            return found[0]
    raise RuntimeError("the server ended without saying its address")


def wait_until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + START_S
    while not ready():
        if time.monotonic() > end:
            raise RuntimeError(f"not ready within {START_S} s")
        time.sleep(0.2)


def ask(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return json.load(answer)


@contextmanager
def serve_cupola(logdir: Path) -> Iterator[str]:
    with process(sys.executable, *launcher(), "--logdir", str(logdir), "--port", "0") as child:
        address = address_of(child)

        def ready() -> bool:
            catalog = ask(address + "api/catalog")
            return not catalog["loading"] and len(catalog["series"].get("scalars", [])) == TAGS

        wait_until(ready)
        yield address


def launcher() -> list[str]:
    return ["-m", "cupola"]


@contextmanager
def serve_tensorboard(logdir: Path) -> Iterator[str]:
    command = [
        sys.executable,
        "-m",
        "tensorboard.main",
        "--logdir",
        str(logdir),
        "--port",
        "0",
        "--host",
        "127.0.0.1",
    ]
    with process(*command) as child:
        address = address_of(child)

        def ready() -> bool:
            runs = ask(address + "data/plugin/scalars/tags")
            return len(runs) == RUNS and all(len(tags) == TAGS for tags in runs.values())

        wait_until(ready)
        # The last points too: their number is in no listing.
        time.sleep(3)
        yield address


def measure(browser: Browser, ours: str, theirs: str) -> dict[str, list[dict[str, float]]]:
    """ROUNDS visits to each page in turn, after one of each that does not count."""
    pages = {
        "cupola": (ours + "#scalars", CUPOLA_CHART),
        "tensorboard": (theirs + "#timeseries", TENSORBOARD_CHART),
    }
    visits: dict[str, list[dict[str, float]]] = {name: [] for name in pages}
    for count in range(ROUNDS + 1):
        for name, (address, chart) in pages.items():
            seen = visit(browser, address, chart)
            if count:
                visits[name].append(seen)
    return visits


def visit(browser: Browser, address: str, chart: str) -> dict[str, float]:
    """Opens a page: ms from the navigation's begin to the first frame that shows the chart's lines, and kB of
    compressed script.
    """
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    page.add_init_script(f"{LOOK}({json.dumps(chart)})")
    page.goto(address, wait_until="commit")
    page.wait_for_function("() => window.paintedAt", timeout=60_000)
    seen: dict[str, float] = page.evaluate(
        """() => ({
            painted_ms: window.paintedAt,
            script_kB: performance.getEntriesByType("resource")
                .filter(entry => new URL(entry.name).pathname.endsWith(".js"))
                .reduce((sum, entry) => sum + entry.encodedBodySize, 0) / 1000,
        })"""
    )
    context.close()
    return seen


def new_point_ms(browser: Browser, address: str, logdir: Path) -> float:
    """Median time from the flush of one new point to the change of the number on its card."""
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    with SummaryWriter(logdir / "live") as writer:
        writer.add_scalar("aaa/live", 0, 0)
        writer.flush()
        page.goto(address + "#scalars?smoothing=0")
        note = "[data-card='aaa/live'] .note"
        page.wait_for_selector(note)
        times = []
        for step in range(1, POINTS + 1):
            watch(page, note, str(step))
            page.wait_for_timeout(700)  # a point now and then, not a stream of them
            start_ms = time.time() * 1000
            writer.add_scalar("aaa/live", step, step)
            writer.flush()
            page.wait_for_function("() => window.changedAt")
            times.append(page.evaluate("() => window.changedAt") - start_ms)
    context.close()
    return statistics.median(times)


def watch(page: Page, selector: str, text: str) -> None:
    """Notes in the page, by the clock of both processes, when an element's text becomes `text`."""
    page.evaluate(
        """([selector, text]) => {
            window.changedAt = 0;
            const look = () => {
                if (document.querySelector(selector)?.textContent !== text) requestAnimationFrame(look);
                else window.changedAt = performance.timeOrigin + performance.now();
            };
            look();
        }""",
        [selector, text],
    )


if __name__ == "__main__":
    print(json.dumps(run(), indent=2, ensure_ascii=False))
