"""Shows a chart as Slack's own, where Slack can hold it."""

from __future__ import annotations

import math

from bot.platforms.slack import limits
from bot.platforms.slack.pieces import Element, Piece
from bot.platforms.slack.text import one_line, shorten
from handlers.chat.messages import Chart, chart_words


def chart_piece(chart: Chart) -> Piece | None:
    """The chart as Slack draws it, `None` where it can't: without bars, or with more than it takes."""
    if not 1 <= len(chart.bars) <= limits.CHART_BARS or not all(math.isfinite(value) for _, value, _ in chart.bars):
        return None
    labels = _told_apart([one_line(label) or "–" for label, _, _ in chart.bars])
    values = [value for _, value, _ in chart.bars]
    measure = one_line(chart.measure) or one_line(chart.title) or "–"
    points = [{"label": label, "value": value} for label, value in zip(labels, values, strict=True)]
    block: Element = {
        "type": "data_visualization",
        "title": shorten(one_line(chart.title) or "–", limits.CHART_TITLE),
        "chart": {
            "type": "bar",
            "series": [{"name": shorten(measure, limits.CHART_LABEL), "data": points}],
            "axis_config": {"categories": labels, "y_label": shorten(measure, limits.CHART_TITLE)},
        },
    }
    return Piece(block, chart_words(chart))


def _told_apart(labels: list[str]) -> list[str]:
    """The labels within what Slack takes, no two alike."""
    found: list[str] = []
    for label in labels:
        cut, number = shorten(label, limits.CHART_LABEL), 1
        while cut in found:
            number += 1
            cut = f"{shorten(label, limits.CHART_LABEL - 4)} {number}"
        found.append(cut)
    return found
