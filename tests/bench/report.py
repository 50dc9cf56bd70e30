"""How the benchmarks say what they measured."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Sequence


def say(line: str = "") -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def heading(title: str) -> None:
    say()
    say(f"## {title}")


def ratio(what: str, ours: float, baseline: float, unit: str, *, aim: str = "") -> None:
    """One line: our figure, the baseline's, and ours as a multiple of it."""
    multiple = ours / baseline if baseline else float("inf")
    say(f"{what}: {ours:.4g} {unit} against {baseline:.4g} {unit}: {multiple:.2f}×{f'  (aim: {aim})' if aim else ''}")


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values is at or below; `share` from 0 to 1."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)
