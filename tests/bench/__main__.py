"""`make bench`: every figure is a ratio against a baseline of the same run, so that machines can be compared.

`make bench ARGS="polls slack"` measures these alone. It ends with 1 where an aim was missed.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine

from tests.bench import acknowledging, mattermost, polls, slack, starting
from tests.bench.report import Report

BENCHES: dict[str, Callable[[Report], Coroutine[object, object, None]]] = {
    "starting": starting.run,
    "acknowledging": acknowledging.run,
    "slack": slack.run,
    "polls": polls.run,
    "mattermost": mattermost.run,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        sys.stderr.write(f"There is no bench {', '.join(unknown)}; there are {', '.join(BENCHES)}.\n")
        return 2
    report = Report()
    for name in names or BENCHES:
        asyncio.run(BENCHES[name](report))
    report.say()
    report.say("Every aim was met." if not report.missed else f"{len(report.missed)} aims were missed:")
    for line in report.missed:
        report.say(f"- {line}")
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
