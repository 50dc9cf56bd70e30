"""What a database refuses is told without the words that people wrote."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.session import Storage
from tests.conftest import make_storage

SECRET = "Min kollegas sygdom"


@pytest.fixture
async def postgres_storage(postgres_url: str) -> AsyncIterator[Storage]:
    made = await make_storage(postgres_url)
    yield made
    await made.dispose()


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("INSERT INTO installation (name, value) VALUES (:words, '')", True),
        ("SELECT CAST(:words AS integer) / 0 + CAST('x' || :words AS bigint)", False),
    ],
)
async def test_no_line_of_a_log_tells_what_somebody_wrote(
    postgres_storage: Storage, statement: str, constraint: bool
) -> None:
    written = io.StringIO()
    log = structlog.wrap_logger(
        structlog.PrintLogger(written),
        processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)],
    )
    try:
        for _ in range(2):
            async with postgres_storage.write() as session:
                await session.execute(text(statement), {"words": SECRET})
    except DBAPIError:
        log.exception("defect")
    told = written.getvalue()
    assert SECRET not in told
    assert ("duplicate key value violates unique constraint" if constraint else "SQLSTATE 22P02") in told
