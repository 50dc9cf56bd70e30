"""`make bench`: every figure is a ratio against a baseline of the same run, so that machines can be compared."""

from __future__ import annotations

import asyncio
import sys

from tests.bench import acknowledging, starting

if __name__ == "__main__":
    starting.run()
    asyncio.run(acknowledging.run())
    sys.exit(0)
