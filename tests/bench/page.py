"""What a page does in a browser: when its features are painted, how it pans, zooms and tells what a feature is.

The same ruler for every tool, ours included: small pictures of the middle of the page say when the features are there,
the times between animation frames how smoothly it moves, one gesture for all, sent as real input.
"""

from __future__ import annotations

import base64
import io
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, CDPSession, Error, Page, ViewportSize

from tests.bench.mirror import Mirror
from tests.bench.samples import NAME

VIEW: ViewportSize = {"width": 1280, "height": 800}
MIDDLE = {"x": 440, "y": 100, "width": 800, "height": 560}
"""Map and nothing else, in every tool's page."""
SHRUNK = 0.25
FEATURE_STEP = 40
"""How far a colour must be from that of the ground to be a feature's, in the sum of its channels."""
PAINTED_PART = 0.5
"""Features count as painted once this part of what the settled page shows of them is there."""
QUIET_S = 1.5
PATIENCE_S = 45.0
DRAG_STEPS, DRAG_PX = 20, 16
DRAG_S = 3.0
"""A page that takes long for each step is let go after this time."""
WHEEL_STEPS = 3
WHEEL_PAUSE_MS = 350
"""Between turns of the wheel: as long as a page's own movement to the next zoom takes, so that few frames are idle."""
FRAMES = """() => {
  window.benchFrames = [];
  let last = performance.now();
  const step = (now) => {
    if (!window.benchFrames) return;
    window.benchFrames.push(now - last);
    last = now;
    requestAnimationFrame(step);
  };
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(step); });
}"""


class Frames(NamedTuple):
    """Milliseconds between frames of a gesture: the worst, and the 95th percentile of the time.

    Of the time, not of the frames: 5 % of the gesture passes in frames longer than that. Of sixty short frames and one
    of a second, what one notices is the second.
    """

    p95: float
    worst: float


class Behaviour(NamedTuple):
    """What a page did; None = it could not, `reasons` says why."""

    loaded_bytes: int
    requests: int
    painted_s: float | None
    pan: Frames | None
    zoom: Frames | None
    pick_ms: float | None
    filter_ms: float | None
    reasons: dict[str, str]


def measure_page(browser: Browser, path: Path, mirror: Mirror, *, has_filter: bool) -> Behaviour:
    """Open a page once and do with it what a reader does."""
    context = browser.new_context(viewport=VIEW)
    mirror.attach(context)
    page = context.new_page()
    reasons: dict[str, str] = {}

    def note(error: Error) -> None:
        reasons.setdefault("paint", str(error).splitlines()[0][:120])

    page.on("pageerror", note)
    page.set_default_timeout(PATIENCE_S * 1000)
    try:
        session = context.new_cdp_session(page)
        start = time.monotonic()
        page.goto(path.as_uri(), wait_until="commit")
        painted = _wait_painted(session, start)
        loaded, requests = sum(mirror.served.values()), len(mirror.served) + len(mirror.refused)
        if painted is None:
            reason = reasons.get("paint") or f"nothing in {PATIENCE_S:.0f} s"
            if mirror.refused:
                reason += f"; not on npm: {mirror.refused[0][:80]}"
            return Behaviour(loaded, requests, None, None, None, None, None, {"paint": reason})
        pick = _pick(page, session)
        pan, zoom = _drag(page), _wheel(page)
        reasons = {} if pick is not None else {"pick": "a click tells nothing"}
        return Behaviour(loaded, requests, painted, pan, zoom, pick, _filter(page) if has_filter else None, reasons)
    finally:
        context.close()


def _picture(session: CDPSession) -> NDArray[np.int16]:
    clip = MIDDLE | {"scale": SHRUNK}
    shot = session.send("Page.captureScreenshot", {"format": "png", "clip": clip, "optimizeForSpeed": True})
    image = Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")
    return np.asarray(image, dtype=np.int16)


def _features(picture: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Where a picture shows features: what is not of the commonest colour."""
    colours, counts = np.unique(picture.reshape(-1, 3), axis=0, return_counts=True)
    ground = colours[counts.argmax()]
    return ~_alike(picture, ground)


def _wait_painted(session: CDPSession, start: float) -> float | None:
    """Seconds from navigation until the features are there, known once the page has been quiet for a while."""
    seen: list[tuple[float, NDArray[np.int16]]] = []
    quiet_since = time.monotonic()
    while time.monotonic() - start < PATIENCE_S:
        try:
            picture = _picture(session)
        except Error:  # a page that has nothing yet has no picture either
            time.sleep(0.03)
            continue
        if seen and not np.array_equal(picture, seen[-1][1]):
            quiet_since = time.monotonic()
        # The moment it came: a busy page gives none before the frame it works on is done.
        seen.append((time.monotonic(), picture))
        features = _features(picture)
        if features.mean() > 0.001 and time.monotonic() - quiet_since > QUIET_S:
            return next(at for at, before in seen if _alike(before, picture)[features].mean() >= PAINTED_PART) - start
        time.sleep(0.03)
    return None


def _alike(one: NDArray[np.int16], other: NDArray[np.int16]) -> NDArray[np.bool_]:
    return np.asarray(np.abs(one - other).sum(axis=2) <= FEATURE_STEP)


def _gesture(page: Page, do: Any, after_ms: int) -> Frames:
    page.evaluate(FRAMES)
    do()
    page.wait_for_timeout(after_ms)
    frames = page.evaluate("() => { const found = window.benchFrames; window.benchFrames = null; return found; }")
    times = np.sort(np.asarray(frames or [after_ms], dtype=np.float64))
    p95 = times[np.searchsorted(np.cumsum(times), 0.95 * times.sum())]
    return Frames(float(p95), float(times[-1]))


def _drag(page: Page) -> Frames:
    """Drag the map to and fro, without a fling at the end."""
    x, y = MIDDLE["x"] + MIDDLE["width"] / 2, MIDDLE["y"] + MIDDLE["height"] / 2

    def drag() -> None:
        until = time.monotonic() + DRAG_S
        page.mouse.move(x, y)
        page.mouse.down()
        for step in [*range(DRAG_STEPS), *range(DRAG_STEPS, -DRAG_STEPS, -1), *range(-DRAG_STEPS, 1)]:
            if time.monotonic() > until:
                break
            page.mouse.move(x + step * DRAG_PX, y + step * DRAG_PX / 2)
            page.wait_for_timeout(8)
        page.mouse.up()

    return _gesture(page, drag, 300)


def _wheel(page: Page) -> Frames:
    """Zoom in by the wheel and out again, turn after turn."""
    page.mouse.move(MIDDLE["x"] + MIDDLE["width"] / 2, MIDDLE["y"] + MIDDLE["height"] / 2)

    def wheel() -> None:
        for turn in [-1] * WHEEL_STEPS + [1] * WHEEL_STEPS:
            page.mouse.wheel(0, turn * 120)
            page.wait_for_timeout(WHEEL_PAUSE_MS)

    return _gesture(page, wheel, WHEEL_PAUSE_MS)


PICK = """() => {
  window.benchPick = null;
  const pattern = /NAME \\d+/;
  const says = () => pattern.test(document.body.innerText);
  if (says()) return;
  let start = 0;
  const look = () => {
    if (says()) window.benchPick = performance.now() - start;
    else if (performance.now() - start < 4000) requestAnimationFrame(look);
  };
  for (const kind of ["pointermove", "pointerdown"]) {
    addEventListener(kind, () => {
      if (!start) requestAnimationFrame(look);
      start = performance.now();
    }, { once: true, capture: true });
  }
}""".replace("NAME", NAME)


def _pick(page: Page, session: CDPSession) -> float | None:
    """Milliseconds from the pointer on a feature, or else the click on it, until its name stands on the page."""
    found = np.argwhere(_features(_picture(session)))
    middle = np.array([MIDDLE["height"], MIDDLE["width"]]) * SHRUNK / 2
    for row, column in found[np.argsort(np.abs(found - middle).sum(axis=1))][:120:40]:
        page.evaluate(PICK)
        page.mouse.move(MIDDLE["x"] + (column + 0.5) / SHRUNK, MIDDLE["y"] + (row + 0.5) / SHRUNK)
        page.wait_for_timeout(500)
        if page.evaluate("window.benchPick") is None:
            page.mouse.down()
            page.mouse.up()
            page.wait_for_timeout(1000)
        if (taken := page.evaluate("window.benchPick")) is not None:
            page.mouse.move(MIDDLE["x"], MIDDLE["y"])
            page.keyboard.press("Escape")
            return float(taken)
    return None


def _filter(page: Page) -> float:
    """Milliseconds of the longest frame when a value of a facet is chosen: ours alone, no peer's file has a filter."""
    page.get_by_role("button", name="Filters", exact=True).click()
    page.wait_for_timeout(300)
    box = page.get_by_role("checkbox", name="operating")
    return _gesture(page, lambda: box.first.click(), 700).worst
