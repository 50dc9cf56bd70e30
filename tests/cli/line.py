"""The command line, run in the tests' own process."""

from __future__ import annotations

from click.testing import CliRunner, Result

from bot.__main__ import main


def run(*words: str) -> Result:
    """What `oenskebot` says to these words, and how it exits."""
    return CliRunner().invoke(main, list(words), prog_name="oenskebot")
