"""Seals what travels through a chat and comes back: a button or a form that was not ours is not opened."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handlers.chat.messages import Actions, Button, Form, Message, Select

FORM_LIFE = dt.timedelta(hours=12)
PRIVATE_LIFE = dt.timedelta(days=90)
SEALED_ANEW = dt.timedelta(days=30)
"""A board whose buttons are so old is published again, also where it looks the same: they never come near their end."""

_MAC_BYTES = 12


class BadSeal(Exception):
    """A token that this bot did not seal, or not for this purpose."""


class StaleSeal(Exception):
    """A token that was ours and has grown too old, or belongs to somebody else."""


@dataclass(frozen=True, slots=True)
class ButtonSeal:
    """What a button carries: bound to purpose, object and message, and for a private message to person and time."""

    group_id: int
    deed: str
    subject: str
    key: str
    value: str = ""
    person: str = ""
    until: int = 0


@dataclass(frozen=True, slots=True)
class FormSeal:
    """What a form carries, always bound to person and time. `number` is used up by the deed that acts on it."""

    number: str
    group_id: int
    deed: str
    subject: str
    person: str
    channel: str
    direct: bool
    until: int
    carry: tuple[tuple[str, str], ...] = ()


class Seals:
    """`keys`: the first signs, all verify, so that a key can be changed without breaking what stands in the chat."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("at least one key is needed")
        self._keys = [key.encode() for key in keys]

    def button(self, seal: ButtonSeal) -> str:
        return self._seal("b", dataclasses.astuple(seal))

    def form(self, seal: FormSeal) -> str:
        return self._seal("f", dataclasses.astuple(seal))

    def open_button(self, token: str, person: str, now: dt.datetime) -> ButtonSeal:
        """What the button says.

        Raises:
            BadSeal: it is not ours.
            StaleSeal: it was somebody else's, or its time is over.
        """
        seal = ButtonSeal(*self._open("b", token))
        _check(seal.person, seal.until, person, now)
        return seal

    def open_form(self, token: str, person: str, now: dt.datetime) -> FormSeal:
        """What the form says; the same errors as `open_button`."""
        opened = self._open("f", token)
        carry = tuple((name, value) for name, value in opened.pop())
        number, group_id, deed, subject, bound_to, channel, direct, until = opened
        seal = FormSeal(number, group_id, deed, subject, bound_to, channel, direct, until, carry)
        _check(seal.person, seal.until, person, now)
        return seal

    def seal_message(self, shown: Message, group_id: int, key: str, person: str = "", until: int = 0) -> Message:
        """The message with every button sealed."""
        blocks = tuple(
            Actions(tuple(self._sealed(item, group_id, key, person, until) for item in block.items))
            if isinstance(block, Actions)
            else block
            for block in shown.blocks
        )
        return Message(blocks)

    def seal_form(self, form: Form, seal: FormSeal) -> Form:
        return dataclasses.replace(form, token=self.form(seal))

    def _sealed(self, item: Button | Select, group_id: int, key: str, person: str, until: int) -> Button | Select:
        value = item.value if isinstance(item, Button) else ""
        seal = ButtonSeal(group_id, item.deed, item.subject, key, value, person, until)
        return dataclasses.replace(item, token=self.button(seal))

    def _seal(self, kind: str, content: tuple[object, ...]) -> str:
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        return f"{kind}.{_text(body)}.{_text(self._mac(self._keys[0], kind, body))}"

    def _open(self, kind: str, token: str) -> list[Any]:
        try:
            found, body_text, mac_text = token.split(".")
            body, mac = _bytes(body_text), _bytes(mac_text)
        except (ValueError, binascii.Error) as error:
            raise BadSeal from error
        if found != kind or not any(hmac.compare_digest(mac, self._mac(key, kind, body)) for key in self._keys):
            raise BadSeal
        opened: list[Any] = json.loads(body)
        return opened

    @staticmethod
    def _mac(key: bytes, kind: str, body: bytes) -> bytes:
        return hmac.new(key, kind.encode() + b"." + body, hashlib.sha256).digest()[:_MAC_BYTES]


def _check(bound_to: str, until: int, person: str, now: dt.datetime) -> None:
    if (bound_to and bound_to != person) or (until and now.timestamp() > until):
        raise StaleSeal


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
