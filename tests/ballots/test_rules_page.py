"""`docs/rules.md` says what the rules promise: each test that it names exists, and each promise tested is told."""

from __future__ import annotations

import pathlib
import re

HERE = pathlib.Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "rules.md").read_text(encoding="utf-8")
TESTS = {
    name
    for path in HERE.glob("test_*.py")
    for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M)
}
PROMISES = re.compile(r"test_(units|sums|schulze|borda|money|shares|receipts)_|test_\w+_not_(clones|condorcet)$")


def test_every_test_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert named
    assert named - TESTS == set()


def test_every_promise_that_is_tested_stands_on_the_page() -> None:
    promises = {name for name in TESTS if PROMISES.match(name)}
    assert {name for name in promises if f"`{name}`" not in PAGE} == set()
