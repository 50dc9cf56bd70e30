"""How long `make demo` takes to be ready after set-up, against importing the same libraries alone."""

from __future__ import annotations

import pathlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from tests.bench.report import Aim, Report, median

ROUNDS = 5
IMPORTS = (
    "import alembic.command, aiohttp.web, apscheduler.schedulers.asyncio, babel.dates, holidays, icalendar, "
    "openpyxl, prometheus_client, pydantic_settings, sqlalchemy.ext.asyncio, aiosqlite, structlog"
)


async def run(report: Report) -> None:
    report.heading("Ready: `oenskebot demo` until its page answers, against importing its libraries alone")
    demo, libraries = [], []
    for _ in range(ROUNDS):
        libraries.append(_timed_imports())
        demo.append(_timed_demo())
    report.ratio("ready", median(demo), median(libraries), "s", aim=Aim(below=3))


def _timed_imports() -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", IMPORTS], check=True)
    return time.perf_counter() - started


def _timed_demo() -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = pathlib.Path(sys.executable).with_name("oenskebot")
    started = time.perf_counter()
    process = subprocess.Popen([program, "demo", "--port", str(port), "--no-browser"], stdout=subprocess.DEVNULL)
    try:
        while time.perf_counter() - started < 60:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api/state", timeout=1).close()
            except (urllib.error.URLError, OSError):
                time.sleep(0.02)
            else:
                return time.perf_counter() - started
        raise RuntimeError("the demonstration did not start")
    finally:
        process.terminate()
        process.wait(20)
