"""Where random ids come from in the running program."""

from __future__ import annotations

import secrets


def new_id() -> str:
    """32 hexadecimal letters that nobody can guess."""
    return secrets.token_hex(16)
