"""Receipts for ballots: a short code by which a voter finds their answer in the public log, and nobody else theirs.

A receipt is a salted hash of what was answered and for whom, so that it can stand in the public log beside the answer
without saying whose it is. The voter gets the *key* too, and can work the receipt out again: two municipalities can't
be given the same one (a *clash*), since it is made of the municipality as well.
"""

from __future__ import annotations

from collections.abc import Mapping

from handlers.decisions.sealing import digest

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: without I, L, O and U, which are read as others."""

CODE_LENGTH = 10
"""Signs of a code: 50 bits, so that two in one log are not alike; the whole receipt is what is compared."""

_VOTER_LENGTH = 12
_READ_AS = str.maketrans("ILO", "110", " -")


def receipt_of(key: str, subject: str, unit: int, marks: Mapping[str, int]) -> str:
    """The receipt of one answer, as 64 hexadecimal signs.

    Args:
        key: random, known to the voter and to us.
        subject: `poll:7`.
        unit: whom the answer is given for, by our id.
        marks: option → mark above zero.
    """
    return digest(["receipt", key, subject, unit, dict(marks)])


def code_of(receipt: str) -> str:
    """The receipt's short code, `7KQ2M-9XWTB`."""
    number = int(receipt, 16) >> (4 * len(receipt) - 5 * CODE_LENGTH)
    signs = "".join(SIGNS[number >> (5 * place) & 31] for place in reversed(range(CODE_LENGTH)))
    return f"{signs[:5]}-{signs[5:]}"


def read_code(typed: str) -> str:
    """A code as it was meant: small letters, O for 0, I and L for 1, and with or without the hyphen."""
    signs = typed.upper().translate(_READ_AS)
    return f"{signs[:5]}-{signs[5:]}"


def voter_of(group_id: int, subject: str, person_id: str) -> str:
    """What a voter is called in the public log: the same in all of one poll, and nothing that is known elsewhere; empty
    for an answer that came by mail."""
    return digest(["voter", group_id, subject, person_id])[:_VOTER_LENGTH] if person_id else ""
