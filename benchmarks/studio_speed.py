"""How quick the studio is in a real browser: picture and control latency, memory, scrubbing through a long tub.

The real server, the built-in track and Chromium, all on one machine, so that one clock tells when a picture was taken
and when it was drawn. The car is driven by the track's expert while a hand rests on the stick. Control is measured from
a message of the hand to the first drawn picture of a tick that went by it: waiting for the tick is part of it.

Usage: python benchmarks/studio_speed.py [--seconds 20] [--frames 100000] [--out FILE.json]
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

from copycar.core.frame import Action, Decision, Frame
from copycar.testing.tub import draw_line
from copycar.tubs.jpeg import encode_jpeg
from copycar.tubs.write import TubWriter
from machine import describe

CHROMIUM = "/usr/bin/chromium"
RATES_HZ = (30, 60)
N_PICTURES = 200  # different ones in the long tub
N_SEEKS = 300
WINDOW = 600  # measurements that the page keeps


def main() -> None:
    """Print and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--frames", type=int, default=100_000)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        long_tub(Path(name) / "long", asked.frames)
        figures = measure(Path(name), asked.seconds) | {"tub_frames": asked.frames}
    figures |= {"load": os.getloadavg()[0], "machine": describe()}
    text = json.dumps(figures, indent=2)
    print(text)
    if asked.out:
        asked.out.write_text(text + "\n")


def measure(folder: Path, seconds: float) -> dict[str, Any]:
    """Start the server and the browser, and measure everything."""
    command = [sys.executable, "-m", "copycar", "studio", str(folder), "--port", "0", "--json"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        told = ""
        while not told.endswith("}\n"):
            told += server.stdout.readline()  # type: ignore[union-attr]
        link = json.loads(told)["links"][0]
        figures: dict[str, Any] = {"idle_mb": resident_mb(server.pid)}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = browser.new_page()
            page.set_default_timeout(60_000)
            page.goto(link)
            page.goto(link.replace("/?", "/drive?"))
            figures["page_open_mb"] = resident_mb(server.pid)
            figures["drive"] = [driving(page, rate_hz, seconds) for rate_hz in RATES_HZ]
            page.goto(link.replace("/?", "/tubs?"))
            figures["scrub"] = scrubbing(page)
            figures["long_tub_open_mb"] = resident_mb(server.pid)
            browser.close()
        return figures
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)


def driving(page: Page, rate_hz: int, seconds: float) -> dict[str, Any]:
    """Drive for a while and return the page's own measurements."""
    page.wait_for_function("globalThis.copycarDrive?.says.state.is_driver")
    page.select_option("#rate-hz", str(rate_hz))
    page.click("#start")
    page.wait_for_function("copycarDrive.says.state.phase === 'driving'")
    page.select_option("#policy", "expert")
    page.wait_for_function("copycarDrive.says.state.policy === 'expert'")
    page.check("[name=mode][value=autonomous]")
    page.wait_for_timeout(2000)
    page.evaluate("copycarDrive.stats.age_ms.length = copycarDrive.stats.trip_ms.length = copycarDrive.stats.drawn = 0")
    began = time.monotonic()
    page.wait_for_timeout(seconds * 1000)
    stats, drawn_s = page.evaluate("copycarDrive.stats"), time.monotonic() - began
    page.click("#end")
    page.wait_for_function("copycarDrive.says.state.phase === 'ended'")
    return {
        "asked_hz": rate_hz,
        "drawn_hz": round(stats["drawn"] / drawn_s, 1),
        "picture_ms": percentiles(stats["age_ms"]),
        "control_ms": percentiles(stats["trip_ms"]),
    }


def scrubbing(page: Page) -> dict[str, Any]:
    """Open the long tub, jump about in it, step through it, and edit it once."""
    began = time.monotonic()
    page.wait_for_function("globalThis.copycarTubs?.stats.seek_ms.length > 0")
    figures: dict[str, Any] = {"open_s": round(time.monotonic() - began, 2)}
    n = page.evaluate("copycarTubs.at.data.numbers.length")
    places = np.random.default_rng(0).integers(0, n, N_SEEKS).tolist()
    figures["jump_ms"] = percentiles(seeks(page, places))
    figures["step_ms"] = percentiles(seeks(page, list(range(5000, 5000 + N_SEEKS))))
    draw = (
        "(() => { const began = performance.now(); copycarTubs.timeline.draw(); return performance.now() - began; })()"
    )
    figures["chart_ms"] = percentiles([page.evaluate(draw) for _ in range(20)])
    page.evaluate("copycarTubs.timeline.on.select(1000, 2000)")
    began = time.monotonic()
    page.click("#delete")
    page.wait_for_function("copycarTubs.at.data.deleted[1500] === 1")
    figures["delete_s"] = round(time.monotonic() - began, 2)
    return figures


def seeks(page: Page, places: list[int]) -> list[float]:
    """Go to one place after the other; return how long each took until it was drawn, ms."""
    go = """async (places) => {
        const took = [];
        for (const place of places) {
            const began = performance.now();
            await copycarTubs.seek(place);
            took.push(performance.now() - began);
        }
        return took;
    }"""
    took: list[float] = page.evaluate(go, places)
    return took


def percentiles(values: list[float]) -> dict[str, float]:
    """Return the median and the 95th percentile."""
    p50, p95 = np.percentile(values, [50, 95])
    return {"p50": round(float(p50), 1), "p95": round(float(p95), 1)}


def resident_mb(pid: int) -> float:
    """Return the memory that a process holds."""
    (line,) = (row for row in Path(f"/proc/{pid}/status").read_text().splitlines() if row.startswith("VmRSS"))
    return round(int(line.split()[1]) / 1024, 1)


def long_tub(folder: Path, n_frames: int) -> None:
    """Record a tub of so many frames of 160x120."""
    steering = np.sin(np.arange(n_frames) / 40.0)
    pictures = [draw_line(float(steering[place])) for place in range(min(n_frames, N_PICTURES))]
    encoded = [encode_jpeg(picture) for picture in pictures]
    with TubWriter(folder) as writer:
        for place in range(n_frames):
            action = Action(float(steering[place]), 0.5)
            frame = Frame(pictures[0], Decision(action, action, "human"), t_ns=place * 50_000_000)
            writer.append_encoded(frame, encoded[place % len(encoded)])


if __name__ == "__main__":
    main()
