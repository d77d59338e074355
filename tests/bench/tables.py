"""What the benchmark found, as a Markdown page and as a plot (SVG) for the README."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from tests.bench.peers import OURS, Result

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
PLOTTED = (
    ("Build, CPU seconds", 0, 1.0),
    ("Page and what it loads, MB", 2, 1.0),
    ("Features painted, seconds", 4, 1.0),
)
OURS_COLOUR, PEER_COLOUR, INK, RULE = "#9c2a22", "#8a8f98", "#202124", "#dadce0"


def markdown(results: Sequence[Result], about: str) -> str:
    """A table a sample, the best of each column in bold, and why a tool has no figure."""
    parts = [about]
    for sample in dict.fromkeys(result.sample for result in results):
        rows = [result for result in results if result.sample == sample]
        parts += [f"## {sample.title}", _table(rows)]
        reasons = [f"{row.tool}: {said}" for row in rows for said in dict.fromkeys(row.reasons.values())]
        parts += ["\n".join(f"- {reason}" for reason in reasons)] if reasons else []
    return "\n\n".join(parts) + "\n"


def _table(rows: Sequence[Result]) -> str:
    lines = ["| | " + " | ".join(title for title, *_ in COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    best = [_best([value(row) for row in rows]) for _, value, _ in COLUMNS]
    for row in rows:
        cells = []
        for (_, value, form), least in zip(COLUMNS, best, strict=True):
            found = value(row)
            text = _cell(found, form)
            cells.append(f"**{text}**" if found is not None and _first(found) == least else text)
        lines.append(f"| {row.tool} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, tuple) else value


def _best(values: Sequence[Any]) -> Any:
    known = [_first(value) for value in values if value is not None]
    return min(known) if len(known) > 1 else None


def _cell(value: Any, form: str) -> str:
    if value is None:
        return "–"
    return f"{value[0]:.0f} ({value[1]:.0f})" if isinstance(value, tuple) else f"{value:{form}}"


def plot(results: Sequence[Result], sample_title: str) -> str:
    """Bars of the tools on one sample: build, size and opening, each on a scale of its own."""
    rows = [result for result in results if result.sample.title == sample_title]
    width, row_px, label_px, panel_px = 960, 24, 90, 280
    height = 70 + row_px * len(rows)
    marks = [f'<text x="0" y="18" font-weight="600">{escape(sample_title)}</text>']
    for panel, (title, column, _) in enumerate(PLOTTED):
        left = label_px + panel * (panel_px + 10)
        values = [COLUMNS[column][1](row) for row in rows]
        top = max((value for value in values if value is not None), default=1)
        marks.append(f'<text x="{left}" y="46" fill="{INK}">{escape(title)}</text>')
        for n, (row, value) in enumerate(zip(rows, values, strict=True)):
            y = 58 + n * row_px
            if not panel:
                weight = "700" if row.tool == OURS else "400"
                marks.append(f'<text x="0" y="{y + 14}" font-weight="{weight}">{escape(row.tool)}</text>')
            if value is None:
                marks.append(f'<text x="{left}" y="{y + 14}" fill="{PEER_COLOUR}">–</text>')
                continue
            length = max(2.0, (panel_px - 70) * value / top)
            colour = OURS_COLOUR if row.tool == OURS else PEER_COLOUR
            marks.append(f'<rect x="{left}" y="{y}" width="{length:.1f}" height="{row_px - 8}" fill="{colour}"/>')
            marks.append(f'<text x="{left + length + 6:.1f}" y="{y + 13}">{value:.2f}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="{INK}">\n<rect width="100%" height="100%" '
        f'fill="#fff"/>\n' + "\n".join(marks) + "\n</svg>\n"
    )
