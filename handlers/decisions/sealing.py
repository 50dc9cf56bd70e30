"""Hashes an entry of the log in salted parts, so that some of it can be shown and the rest stay sealed.

An entry's hash is made of one *leaf* for each part: its subject, its person, and every fact. A leaf is a salted hash,
so what stands in a part that is not shown can't be guessed from it, and who gets the value and the salt of a part can
check that it stands in the chain. Salted hashes of single claims are an old idea (Merkle's trees; selective disclosure
in verifiable credentials); the salts of the parts follow from the entry's own, which is never shown.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

WHOLE = 1
"""Entries of this form are hashed as a whole: nothing of them can be shown alone."""

IN_PARTS = 2
"""Entries of this form are hashed in salted parts."""

FACT = "facts."
"""What stands before a fact's name in the name of its part."""


def canonical(value: object) -> bytes:
    """The one way to write a value down: JSON with sorted names, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: object) -> str:
    """SHA-256 over the canonical form, as 64 hexadecimal signs."""
    return hashlib.sha256(canonical(value)).hexdigest()


def fingerprint(text: str) -> str:
    """What the log keeps of a text that names people: whether it was changed, and not what it says."""
    return hashlib.sha256(text.encode()).hexdigest()


def parts_of(subject: str, person: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Name → value of all that can be shown or sealed on its own."""
    return {"subject": subject, "person": person} | {f"{FACT}{name}": value for name, value in facts.items()}


def salt_of(salt: str, name: str) -> str:
    """The salt of one part; it tells nothing of the entry's own, nor of the other parts'."""
    return hmac.new(salt.encode(), name.encode(), hashlib.sha256).hexdigest()[:32]


def leaf_of(part_salt: str, name: str, value: object) -> str:
    """The hash that stands for a part in its entry's hash."""
    return digest([part_salt, name, value])


def leaves_of(salt: str, parts: Mapping[str, Any]) -> dict[str, str]:
    """Name → leaf of all the parts of an entry."""
    return {name: leaf_of(salt_of(salt, name), name, value) for name, value in parts.items()}


def hash_in_parts(head: Mapping[str, Any], leaves: Mapping[str, str]) -> str:
    """The hash of an entry.

    Args:
        head: its number, at, kind, decision and before.
        leaves: name → leaf.
    """
    return digest({**head, "form": IN_PARTS, "parts": dict(leaves)})
