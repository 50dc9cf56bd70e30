"""`make bench`: every figure is a ratio against a baseline of the same run, so that machines can be compared."""

from __future__ import annotations

import asyncio
import sys

from tests.bench import acknowledging, mattermost, polls, slack, starting

if __name__ == "__main__":
    starting.run()
    asyncio.run(acknowledging.run())
    asyncio.run(slack.run())
    asyncio.run(polls.run())
    asyncio.run(mattermost.run())
    sys.exit(0)
