"""How the benchmarks say what they measured, and which aims were missed."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Aim:
    """What a figure should be: `at_least` or `at_most` so many times its baseline, or `below` so much in its unit."""

    at_least: float | None = None
    at_most: float | None = None
    below: float | None = None

    def words(self, unit: str) -> str:
        said = {"at least {}×": self.at_least, "at most {}×": self.at_most, f"below {{}} {unit}": self.below}
        return " and ".join(words.format(f"{bound:g}") for words, bound in said.items() if bound is not None)

    def is_met(self, ours: float, multiple: float) -> bool:
        return (
            (self.at_least is None or multiple >= self.at_least)
            and (self.at_most is None or multiple <= self.at_most)
            and (self.below is None or ours < self.below)
        )


@dataclass
class Report:
    """Writes to standard output as it goes; `missed` are the lines whose aim was not met, each under its heading."""

    missed: list[str] = field(default_factory=list)
    _title: str = ""

    def say(self, line: str = "") -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    def heading(self, title: str) -> None:
        self._title = title
        self.say()
        self.say(f"## {title}")

    def ratio(self, what: str, ours: float, baseline: float, unit: str, *, aim: Aim | None = None) -> None:
        """One line: our figure, the baseline's, ours as a multiple of it, and whether that is what it should be."""
        multiple = ours / baseline if baseline else float("inf")
        line = f"{what}: {ours:.4g} {unit} against {baseline:.4g} {unit}: {multiple:.2f}×"
        if aim is not None:
            met = aim.is_met(ours, multiple)
            line = f"{line}  (aim: {aim.words(unit)}{'' if met else ' — MISSED'})"
            if not met:
                self.missed.append(f"{self._title}: {line.strip()}")
        self.say(line)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values is at or below; `share` from 0 to 1."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)
