"""Sweeps: a group's line on the server, the page with 10,000 runs, and the first chart of 1000 runs × 50 tags
in turn with TensorBoard's.

Both servers have read everything before the first page opens; every visit is a fresh profile of one Chromium
without a GPU. What the page computes is the busy time of its main thread, which other processes of the
machine do not count for; frames are the browser's own.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.bench_page import CUPOLA_CHART, LOOK, TENSORBOARD_CHART, VIEWPORT, chromium, row
from benchmarks.bench_serve import CUPOLA, TENSORBOARD, Server, compile_package, point, serving
from playwright.sync_api import Browser, CDPSession, Page

from cupola.plugins.scalars.groups import Curve, aggregate

ROUNDS = 5
MANY = 10_000
FILTERS = ("seed7", "lr3", "loss < 50", "seed42", 'name ~ "seed[12]$"')
GROUPS = ((100, 10_000, 50.0), (1000, 1000, 100.0))
"""Members, steps of each, and the milliseconds that they may take."""

CHOOSE_ALL = "mat-checkbox input"
"""The first box of TensorBoard's table of runs, in its head."""

FIRST_LINE = """
    const look = () => {
        if (document.querySelector('[role=treeitem]')) window.listedAt = performance.now();
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
"""
FRAMES = """async move => {
    const grid = document.querySelector('[role=grid], [role=treegrid]');
    let box = grid;
    for (const each of grid.querySelectorAll('*')) {
        const scrolls = getComputedStyle(each).overflowY !== 'visible';
        if (scrolls && each.scrollHeight > box.scrollHeight) box = each;
    }
    while (box && box.scrollHeight <= box.clientHeight + 1) box = box.parentElement;
    const began = performance.now();
    for (let frame = 0; frame < 120; frame++) {
        box.scrollTop += move;
        await new Promise(requestAnimationFrame);
    }
    return [120000 / (performance.now() - began), box.scrollTop];
}"""


def run() -> list[dict[str, Any]]:
    """Rows {name, cupola, peer, ratio, unit, goal, reached}."""
    compile_package()
    with chromium() as browser:
        return [*group_rows(), *many_runs_rows(browser), first_chart_row(browser)]


def group_rows() -> list[dict[str, Any]]:
    """CPU of the mean and the standard deviation of members with equal and with different steps."""
    rows = []
    for members, steps, goal_ms in GROUPS:
        for same in (True, False):
            rng = np.random.default_rng(0)
            curves = []
            for _ in range(members):
                x = np.arange(steps) if same else np.sort(rng.choice(4 * steps, steps, replace=False))
                curves.append(Curve(x.astype(np.float64), rng.normal(size=steps).astype(np.float32)))
            times = []
            for _ in range(ROUNDS):
                began = time.process_time()
                aggregate(curves, "mean", "deviation")
                times.append((time.process_time() - began) * 1000)
            kind = "equal steps" if same else "different steps"
            name = f"mean and band of {members} runs × {steps} steps, {kind}"
            cost_ms = statistics.median(times)
            rows.append(row(name, cost_ms, None, None, "ms CPU", f"≤ {goal_ms:.0f} ms", cost_ms <= goal_ms))
    return rows


def many_runs_rows(browser: Browser) -> list[dict[str, Any]]:
    """The list and the table of 10,000 runs."""
    listed, filtered, rates, sorts = [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        write_sweep(Path(folder), MANY, ["loss", "acc"], steps=10)
        with serving(CUPOLA, folder) as server:
            while json.loads(server.ask("/api/catalog"))["loading"] is not False:
                time.sleep(0.1)
            for _ in range(ROUNDS):
                page, session = opened(browser, server, "")
                page.wait_for_function("() => window.listedAt", timeout=60_000)
                listed.append(page.evaluate("() => window.listedAt"))
                page.wait_for_timeout(2000)  # the charts
                filtered += [filter_ms(page, session, text) for text in FILTERS]
                page.context.close()
            for _ in range(3):
                page, session = opened(browser, server, "#runs")
                page.wait_for_selector("[role=columnheader]")
                page.wait_for_timeout(2000)
                rates.append(page.evaluate(FRAMES, 300)[0])
                began_ms = busy_ms(session)
                page.get_by_role("columnheader").nth(1).get_by_role("button").first.click()
                page.wait_for_timeout(1000)
                sorts.append(busy_ms(session) - began_ms)
                page.context.close()
    list_ms, filter_cost_ms = statistics.median(listed), statistics.median(filtered)
    rate = statistics.median(rates)
    return [
        row("10,000 runs: page to a usable list", list_ms, None, None, "ms", "≤ 1500 ms", list_ms <= 1500),
        row(
            "10,000 runs: a filter and all that follows, main thread",
            filter_cost_ms,
            None,
            None,
            "ms",
            "≤ 100 ms",
            filter_cost_ms <= 100,
        ),
        row("10,000 runs: scrolling the table", rate, None, None, "frames/s", "≥ 40", rate >= 40),
        row(
            "10,000 runs: sorting the table, main thread",
            statistics.median(sorts),
            None,
            None,
            "ms",
            "",
            True,
        ),
    ]


def first_chart_row(browser: Browser) -> dict[str, Any]:
    """1000 runs × 50 tags: from the navigation to the first painted chart, on warm servers. TensorBoard shows
    none of more than 40 runs by itself: all are chosen there as soon as its box for that is there.
    """
    times: dict[str, list[float]] = {"cupola": [], "tensorboard": []}
    with tempfile.TemporaryDirectory() as folder:
        write_sweep(Path(folder), 1000, [f"tag{number:02}" for number in range(50)], steps=20)
        with serving(CUPOLA, folder) as ours, serving(TENSORBOARD, folder) as theirs:
            while json.loads(ours.ask("/api/catalog"))["loading"] is not False:
                time.sleep(0.1)
            while len(json.loads(theirs.ask("/data/plugin/scalars/tags"))) < 1000:
                time.sleep(0.5)
            time.sleep(5)  # its points, whose number is in no listing
            pages = {
                "cupola": (f"http://localhost:{ours.port}/#scalars", CUPOLA_CHART),
                "tensorboard": (f"http://localhost:{theirs.port}/#timeseries", TENSORBOARD_CHART),
            }
            for count in range(2 + 1):
                for name, (address, chart) in pages.items():
                    painted_ms = painted(
                        browser, address, chart, CHOOSE_ALL if name == "tensorboard" else None
                    )
                    if count:
                        times[name].append(painted_ms)
    mine, peer = (statistics.median(times[name]) for name in ("cupola", "tensorboard"))
    name = "1000 runs × 50 tags, navigation to first painted chart"
    return row(name, mine, peer, peer / mine, "ms", "≥ 8×", peer >= 8 * mine)


def painted(browser: Browser, address: str, chart: str, first: str | None) -> float:
    """Milliseconds from the navigation to the first frame with a chart's lines.

    Args:
        first: what to click as soon as it is there.
    """
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.add_init_script(f"{LOOK}({json.dumps(chart)})")
    page.goto(address, wait_until="commit")
    if first is not None:
        page.locator(first).first.click()
    page.wait_for_function("() => window.paintedAt")
    painted_ms = float(page.evaluate("() => window.paintedAt"))
    context.close()
    return painted_ms


def opened(browser: Browser, server: Server, place: str) -> tuple[Page, CDPSession]:
    """A page in a fresh profile, which notes when its first line is listed."""
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Performance.enable")
    page.add_init_script(FIRST_LINE)
    page.goto(f"http://localhost:{server.port}/{place}", wait_until="commit")
    return page, session


def busy_ms(session: CDPSession) -> float:
    """How long the page's main thread has worked."""
    metrics = {entry["name"]: entry["value"] for entry in session.send("Performance.getMetrics")["metrics"]}
    return (
        float(metrics["ScriptDuration"] + metrics["RecalcStyleDuration"] + metrics["LayoutDuration"]) * 1000
    )


def filter_ms(page: Page, session: CDPSession, text: str) -> float:
    """What a filter costs the page: the list, the charts' new choice of runs, the address."""
    began_ms = busy_ms(session)
    page.get_by_role("combobox").first.fill(text)
    page.wait_for_timeout(1000)
    return busy_ms(session) - began_ms


def write_sweep(logdir: Path, runs: int, tags: list[str], steps: int) -> None:
    """Runs of equal contents, in folders of folders."""
    contents = b"".join(point(tag, step) for step in range(steps) for tag in tags)
    for number in range(runs):
        folder = logdir / f"sweep{number // 1000}" / f"lr{number % 1000 // 100}" / f"seed{number % 100}"
        folder.mkdir(parents=True)
        (folder / "events.out.tfevents.1700000000.host.1.0").write_bytes(contents)


if __name__ == "__main__":
    for line in run():
        print(line)
