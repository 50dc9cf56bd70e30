"""Draws charts as pictures, for chats that have none of their own."""

from __future__ import annotations

import asyncio
import json
import re

from bot.port import File
from handlers.chat.messages import Chart, Message, chart_words

LONGEST_LABEL = 46
"""Letters of a label in the picture; the words beside it have all of it."""

PIXELS_PER_INCH = 144
COLOUR = "#0072B2"
"""The blue of Okabe and Ito's colours; one is enough, since every bar has its label and its value."""

_TEMPLATE = """
#let chart = json(bytes(sys.inputs.chart))
#set page(width: 560pt, height: auto, margin: 14pt, fill: white)
#set text(font: ("DejaVu Sans", "Liberation Sans", "Noto Sans", "Libertinus Serif"), size: 10pt, fill: rgb("#1d1d1f"))
#let row(bar) = (
  align(right + horizon, text(bar.label)),
  grid(
    columns: (150pt * bar.share, 1fr),
    column-gutter: 7pt,
    rect(width: 100%, height: 15pt, radius: 2pt, fill: rgb(chart.colour)),
    align(left + horizon, text(weight: "bold", bar.text)),
  ),
)
#text(size: 12pt, weight: "bold", chart.title)
#v(2pt)
#grid(columns: (200pt, 1fr), column-gutter: 10pt, row-gutter: 8pt, ..chart.bars.map(row).flatten())
"""


def draw_chart(chart: Chart) -> bytes:
    """The chart as a PNG: a bar for each value, the value beside it. Takes some hundredths of a second."""
    import typst  # noqa: PLC0415 - it weighs much, and most programs never draw

    drawn = typst.compile(
        _TEMPLATE.encode(),
        format="png",
        ppi=PIXELS_PER_INCH,
        sys_inputs={"chart": json.dumps(_drawing(chart), ensure_ascii=False)},
    )
    assert isinstance(drawn, bytes), "one page"
    return drawn


async def pictures_of(shown: Message) -> list[File]:
    """Each chart in the message as a file, described by all that it says."""
    charts = [block for block in shown.blocks if isinstance(block, Chart)]
    return [
        File(_file_name(chart), "image/png", await asyncio.to_thread(draw_chart, chart), chart_words(chart))
        for chart in charts
    ]


def _drawing(chart: Chart) -> dict[str, object]:
    longest = max((value for _, value, _ in chart.bars), default=0.0)
    bars = [
        {
            "label": label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1].rstrip()}…",
            "text": text,
            "share": max(0.0, value / longest) if longest > 0 else 0.0,
        }
        for label, value, text in chart.bars
    ]
    return {"title": chart.title, "colour": COLOUR, "bars": bars}


def _file_name(chart: Chart) -> str:
    """`resultat-af-afstemning-7.png`"""
    folded = chart.title.lower().translate({ord("æ"): "ae", ord("ø"): "oe", ord("å"): "aa"})
    return f"{re.sub(r'[^a-z0-9]+', '-', folded).strip('-')[:60] or 'chart'}.png"
