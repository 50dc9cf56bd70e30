"""The house rules that no other tool checks: what stands where, and what never stands anywhere."""

from __future__ import annotations

import ast
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "storage", "locales")
TOP = {
    *ROOMS,
    *("tests", "docs", "pyproject.toml", "README.md", "Makefile", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md"),
    *("SECURITY.md", "CODE_OF_CONDUCT.md", "GOVERNANCE.md", "publiccode.yml", "Containerfile", "compose.yaml"),
    *("requirements.lock", "hatch_build.py"),
}
LONGEST_FUNCTION = 50
LONGEST_FILE = 500
IN_ONE_FILE = {ROOT / "handlers/results/auditor/recount.py"}
"""What is longer for a reason: an auditor gets the recount as one file, that they can read from top to bottom."""


def sources() -> list[pathlib.Path]:
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return listed.stdout.splitlines()


def test_nothing_else_stands_at_the_top() -> None:
    entries = {path.partition("/")[0] for path in tracked()}
    assert {entry for entry in entries if not entry.startswith(".")} <= TOP


def test_every_init_is_empty() -> None:
    full = [path for path in sources() if path.name == "__init__.py" and path.read_text(encoding="utf-8").strip()]
    assert [str(path.relative_to(ROOT)) for path in full] == ["locales/__init__.py"]


def test_only_the_session_commits() -> None:
    found = [str(path.relative_to(ROOT)) for path in sources() if ".commit()" in path.read_text(encoding="utf-8")]
    assert found == ["storage/session.py"]


def test_no_handler_names_a_platform() -> None:
    pattern = re.compile(r"\b(slack|mattermost)\b", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (ROOT / "handlers").rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_nothing_but_the_clock_asks_for_the_time() -> None:
    pattern = re.compile(r"\b(datetime\.now|datetime\.utcnow|date\.today|time\.time\(\))")
    allowed = {"bot/clock.py", "bot/timetable.py"}
    found = {
        str(path.relative_to(ROOT))
        for path in sources()
        if path.parts[-3:-1] != ("platforms", "slack") and pattern.search(path.read_text(encoding="utf-8"))
    }
    assert found <= allowed


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in sources()
        if path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_functions_and_files_keep_to_their_sizes() -> None:
    problems = []
    for path in sources():
        text, where = path.read_text(encoding="utf-8"), path.relative_to(ROOT)
        if text.count("\n") > LONGEST_FILE and "migrations" not in path.parts and path not in IN_ONE_FILE:
            problems.append(f"{where}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and "migrations" not in path.parts:
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    problems.append(f"{where}:{node.lineno} {node.name}: {length} lines")
    assert problems == []


def test_the_lock_file_records_no_address() -> None:
    assert "://" not in (ROOT / "requirements.lock").read_text(encoding="utf-8")


@pytest.mark.parametrize("word", ["utils", "helpers", "common", "manager", "misc"])
def test_no_file_has_a_name_that_says_nothing(word: str) -> None:
    assert [path for path in sources() if path.stem == word] == []
