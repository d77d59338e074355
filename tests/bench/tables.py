"""What the benchmark found, as a Markdown page and as a plot (SVG) for the README."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from tests.bench.results import OURS, Measured, Result

COLUMNS: tuple[tuple[str, Callable[[Result], Any], str], ...] = (
    ("build, CPU s", lambda r: r.cpu_s, ".2f"),
    ("peak, MB", lambda r: r.peak_mb, ",.0f"),
    ("page and what it loads, MB", lambda r: r.needed_bytes and r.needed_bytes / 1e6, ".2f"),
    ("requests", lambda r: r.requests, "d"),
    ("features painted, s", lambda r: r.painted_s, ".2f"),
    ("pan p95 (worst), ms", lambda r: r.pan_p95_ms and (r.pan_p95_ms, r.pan_worst_ms), ""),
    ("zoom p95 (worst), ms", lambda r: r.zoom_p95_ms and (r.zoom_p95_ms, r.zoom_worst_ms), ""),
    ("pick, ms", lambda r: r.pick_ms, ".0f"),
    ("filter, ms", lambda r: r.filter_ms, ".0f"),
)
BESIDE: tuple[tuple[str, Callable[[Result], float | None]], ...] = (
    ("build, CPU", lambda r: r.cpu_s),
    ("page and what it loads", lambda r: r.needed_bytes),
    ("features painted", lambda r: r.painted_s),
    ("zoom p95", lambda r: r.zoom_p95_ms),
    ("zoom, worst frame", lambda r: r.zoom_worst_ms),
)
PLOTTED: tuple[tuple[str, Callable[[Result], float | None]], ...] = (
    ("Build, CPU seconds", lambda r: r.cpu_s),
    ("Page and what it loads, MB", lambda r: r.painted_s and r.needed_bytes and r.needed_bytes / 1e6),
    ("Opening to features painted, seconds", lambda r: r.painted_s),
)
OURS_COLOUR, PEER_COLOUR, INK, RULE = "#9c2a22", "#5f6570", "#202124", "#dadce0"


ABOUT = """\
# The benchmark

What `python3 tests bench peers --large --out docs` measured; `benchmark.json` keeps what this page and the plot are
made of. Each table says of which day, machine and versions it is.

Each tool's map is made by a process of its own (CPU seconds and peak memory with its imports) and opened in headless
Chromium, what it loads from content networks served from npm packages on the machine. Bytes are the html and what it
loads, uncompressed. Painted is when half of the features are seen. Pan and zoom are the times between frames of one
gesture, sent as real input: 5 % of the gesture's time passes in frames longer than p95; none can be shorter than the
screen's own, 17 ms. Pick is from the pointer or the click to the feature's name on the page; filter the longest frame
when a value is chosen, which only ours offers. Tools that draw with WebGL do so in software where there is no GPU: with
one they pan and zoom better than these figures say. A tool that takes more than a minute to build and show a sample is
measured once, and left out of larger samples where it would take several: leafmap and keplergl beyond 1,000 features,
geopandas' explore and pydeck beyond 10,000, swiftmap beyond 10,000 lines, all others beyond 100,000. One
that never shows its features is no best peer."""


def markdown(measured: Sequence[Measured]) -> str:
    """Ours beside the best peer; a table a sample, the best of each column in bold, and why a tool has no figure."""
    parts = [ABOUT, "## Beside the best peer of each line", _beside(measured)]
    for about, rows in measured:
        parts += [f"## {rows[0].sample.title}", about, _table(rows)]
        reasons = [f"{row.tool}: {said}" for row in rows for said in dict.fromkeys(row.reasons.values())]
        parts += ["\n".join(f"- {reason}" for reason in reasons)] if reasons else []
    return "\n\n".join(parts) + "\n"


def _beside(measured: Sequence[Measured]) -> str:
    """Ours as a part of the best peer's figure: below 1 is better than every peer that shows the sample."""
    lines = ["| | " + " | ".join(title for title, _ in BESIDE) + " |", "|---" * (len(BESIDE) + 1) + "|"]
    for _, rows in measured:
        cells = [_part_of_best(rows, value) for _, value in BESIDE]
        lines.append(f"| {rows[0].sample.title} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _part_of_best(rows: Sequence[Result], value: Callable[[Result], float | None]) -> str:
    if not any(row.tool != OURS for row in rows):
        return "no peer measured"
    ours = next((found for row in rows if row.tool == OURS and (found := value(row)) is not None), None)
    # What never shows its features does not count as fast or small.
    peers = [(found, row.tool) for row in rows if row.tool != OURS and row.painted_s and (found := value(row))]
    if ours is None or not peers:
        return "–" if ours is None else "no peer shows it"
    best, tool = min(peers)
    return f"{ours / best:.2f} ({tool})"


def _table(rows: Sequence[Result]) -> str:
    lines = ["| | " + " | ".join(title for title, *_ in COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    best = [_best([value(row) for row in rows if row.painted_s], form) for _, value, form in COLUMNS]
    for row in rows:
        cells = []
        for (_, value, form), least in zip(COLUMNS, best, strict=True):
            text = _cell(value(row), form)
            cells.append(f"**{text}**" if row.painted_s and text.split(" ")[0] == least else text)
        lines.append(f"| {row.tool} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _best(values: Sequence[Any], form: str) -> str | None:
    """The least of a column as it is written, the worst frame left out: what is written alike is as good."""
    known = [value for value in values if value is not None]
    return _cell(min(known), form).split(" ")[0] if len(known) > 1 else None


def _cell(value: Any, form: str) -> str:
    if value is None:
        return "–"
    return f"{value[0]:.0f} ({value[1]:.0f})" if isinstance(value, tuple) else f"{value:{form}}"


PANEL_PX, PLOT_PX, LABEL_PX, TOP_PX, LINE_PX = 210, 230, 110, 54, 15


def plot(measured: Sequence[Measured]) -> str:
    """Generated points, few to many: each tool a line, both axes logarithmic; a line ends where its tool does."""
    rows = [
        row for _, rows in measured for row in rows if (row.sample.kind, row.sample.source) == ("points", "generated")
    ]
    counts = sorted({row.sample.count for row in rows})
    width, height = (PANEL_PX + LABEL_PX) * len(PLOTTED), TOP_PX + PLOT_PX + 34
    marks = [f'<text x="0" y="16" font-weight="600">{counts[0]:,} to {counts[-1]:,} points</text>']
    for panel, (title, value) in enumerate(PLOTTED):
        marks += _panel(panel * (PANEL_PX + LABEL_PX), title, value, rows, counts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="system-ui, sans-serif" font-size="12" fill="{INK}">\n<rect width="100%" height="100%" '
        f'fill="#fff"/>\n' + "\n".join(marks) + "\n</svg>\n"
    )


def _panel(
    left: int, title: str, value: Callable[[Result], float | None], rows: Sequence[Result], counts: Sequence[int]
) -> list[str]:
    lines: dict[str, list[tuple[int, float]]] = {}
    for row in sorted(rows, key=lambda row: row.sample.count):
        if (found := value(row)) is not None:
            lines.setdefault(row.tool, []).append((row.sample.count, found))
    values = [found for line in lines.values() for _, found in line]
    if not values:
        return []
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    few, many = math.log10(counts[0]), math.log10(counts[-1])

    def x(count: int) -> float:
        return left + 34 + (math.log10(count) - few) / max(many - few, 1) * (PANEL_PX - 40)

    def y(found: float) -> float:
        return TOP_PX + (high - math.log10(found)) / max(high - low, 1) * PLOT_PX

    marks = [f'<text x="{left}" y="38">{escape(title)}</text>']
    for power in range(low, high + 1):
        at = y(10.0**power)
        marks.append(f'<line x1="{left + 34}" x2="{x(counts[-1]):.1f}" y1="{at:.1f}" y2="{at:.1f}" stroke="{RULE}"/>')
        marks.append(f'<text x="{left + 28}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    for count in counts:
        short = f"{count // 1000:,}k" if count < 1_000_000 else f"{count / 1e6:g}M"
        marks.append(f'<text x="{x(count):.1f}" y="{TOP_PX + PLOT_PX + 22}" text-anchor="middle">{short}</text>')
    # The name of each line stands in the margin at the height of its end, those below it pushed down.
    ends = sorted(((y(line[-1][1]), tool) for tool, line in lines.items()))
    label_y = -math.inf
    for end_y, tool in ends:
        line = lines[tool]
        label_y = max(end_y + 4, label_y + LINE_PX)
        colour, stroke = (OURS_COLOUR, 3) if tool == OURS else (PEER_COLOUR, 1.3)
        points = " ".join(f"{x(count):.1f},{y(found):.1f}" for count, found in line)
        label_x, end_x = x(counts[-1]) + 22, x(line[-1][0])
        marks.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{stroke}"/>')
        marks.append(f'<circle cx="{end_x:.1f}" cy="{end_y:.1f}" r="{1.5 + stroke / 2}" fill="{colour}"/>')
        leader = f'x1="{end_x:.1f}" y1="{end_y:.1f}" x2="{label_x - 3:.1f}" y2="{label_y - 4:.1f}"'
        marks.append(f'<line {leader} stroke="{colour}" stroke-width="0.7" stroke-dasharray="1 3"/>')
        weight = ' font-weight="700"' if tool == OURS else ""
        marks.append(f'<text x="{label_x:.1f}" y="{label_y:.1f}" fill="{colour}"{weight}>{escape(tool)}</text>')
    return marks
