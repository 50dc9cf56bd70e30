"""The package that is built holds everything that the program needs, and works outside this tree."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import zipfile

import pytest

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_catalogs_migrations_page_and_sample(wheel: pathlib.Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "locales/da/LC_MESSAGES/wishes.mo",
        "locales/en/LC_MESSAGES/wishes.mo",
        "locales/click/da/LC_MESSAGES/click.mo",
        "storage/migrations/env.py",
        "bot/platforms/local/page/index.html",
        "bot/sample/os2sofd_wishes.csv",
        "handlers/members/municipalities.csv",
    ):
        assert needed in names, needed
    assert not [name for name in names if name.startswith("tests/")]


def test_the_program_of_the_wheel_makes_its_database(wheel: pathlib.Path, tmp_path: pathlib.Path) -> None:
    unpacked = tmp_path / "program"
    with zipfile.ZipFile(wheel) as file:
        file.extractall(unpacked)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OENSKEBOT_")}
    environment |= {"PYTHONPATH": str(unpacked), "OENSKEBOT_DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}"}
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import bot, sys; print(bot.__file__); from bot.__main__ import main; main(['db', 'upgrade'])",
        ],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert str(unpacked) in done.stdout.splitlines()[0]
    assert "Databasen er klar" in done.stdout
