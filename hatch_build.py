"""Compiles the text catalogs: at every build of the package, and by `make catalogs` while working."""

from __future__ import annotations

import pathlib
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = pathlib.Path(__file__).parent / "locales"


def compile_catalogs(folder: pathlib.Path = LOCALES) -> int:
    """Write one `.mo` beside every `.po` that is newer than it; returns how many were written."""
    written = 0
    for source in sorted(folder.glob("**/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parts[-3], domain=source.stem, abort_invalid=True)
        with target.open("wb") as file:
            write_mo(file, catalog)
        written += 1
    return written


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # `make catalogs` runs without the build tool
    pass
else:

    class CatalogHook(BuildHookInterface):  # type: ignore[type-arg]
        """Hatchling calls this before it packs the wheel or links the working tree."""

        PLUGIN_NAME = "custom"

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            compile_catalogs()


if __name__ == "__main__":
    print(f"{compile_catalogs()} catalogs compiled")
