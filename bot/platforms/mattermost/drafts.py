"""Keeps what a person typed in a form of several steps, for seven days and over restarts."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from bot.clock import Clock
from bot.platforms.mattermost.forms import Typed
from handlers.chat.messages import Field, Form, Option
from storage.models.drafts import Draft
from storage.queries import drafts
from storage.session import INTERACTIVE_PATIENCE, Storage

PLATFORM = "mattermost"
LIFE = dt.timedelta(days=7)
"""[choice] A week: long enough to ask a colleague, short enough not to hoard what people never sent."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that is being filled in, as it stands now. `token` is the form's; `post` the message that goes on."""

    form: Form
    user: str
    language: str
    post: str
    opened_at: dt.datetime
    done: bool

    @property
    def values(self) -> Typed:
        """What stands in the fields, as it is handed to the bot."""
        return {one.name: list(one.value) if isinstance(one.value, tuple) else one.value for one in self.form.fields}


class Drafts:
    """The forms that are being filled in by people of one server. Somebody waits for each of the writers here: all of
    them raise `StorageBusy` soon."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def keep(self, form: Form, user: str, language: str) -> None:
        """Remember a form that was opened, and forget those that are too old."""
        now = self._clock.now()
        async with self._storage.write(INTERACTIVE_PATIENCE) as session:
            await drafts.prune_drafts(session, PLATFORM, now - LIFE)
            if await drafts.find_draft(session, digest(form.token)) is None:
                session.add(
                    Draft(
                        key=digest(form.token),
                        platform=PLATFORM,
                        user=user,
                        form=_packed(form),
                        language=language,
                        opened_at=now,
                    )
                )

    async def find(self, token: str) -> Kept | None:
        """The form with this token, `None` where none is remembered."""
        async with self._storage.read() as session:
            row = await drafts.find_draft(session, digest(token))
        if row is None or row.opened_at < self._clock.now() - LIFE:
            return None
        return _kept(row, token)

    async def fill(self, token: str, typed: Typed, shown: dict[str, str]) -> Kept | None:
        """The form with what was typed in one of its steps, `None` where it is no longer remembered. Of two steps that
        are sent at once, each keeps what was typed in it. A form that was taken stays as it was."""
        async with self._storage.write(INTERACTIVE_PATIENCE) as session:
            row = await drafts.lock_draft(session, digest(token))
            if row is None:
                return None
            if row.done_at is None:
                row.form = _packed(filled(_unpacked(row.form), typed, shown))
            return _kept(row, token)

    async def note_post(self, token: str, post: str) -> None:
        """This private message goes on with the form."""
        await self._change(token, post=post)

    async def finish(self, token: str) -> None:
        """The form was taken."""
        await self._change(token, done_at=self._clock.now())

    async def _change(self, token: str, **values: Any) -> None:
        async with self._storage.write(INTERACTIVE_PATIENCE) as session:
            row = await drafts.find_draft(session, digest(token))
            if row is not None:
                for name, value in values.items():
                    setattr(row, name, value)


def _kept(row: Draft, token: str) -> Kept:
    form = dataclasses.replace(_unpacked(row.form), token=token)
    return Kept(form, row.user, row.language, row.post, row.opened_at, row.done_at is not None)


def digest(token: str) -> str:
    """The name of a form in the table: who reads the table can't send the form."""
    return hashlib.sha256(token.encode()).hexdigest()


def filled(form: Form, typed: Typed, shown: dict[str, str]) -> Form:
    """The form with what was typed, `shown` being the words of the searches among it."""
    form = form.with_values(typed)
    fields = tuple(dataclasses.replace(one, shown=shown.get(one.name, one.shown)) for one in form.fields)
    return dataclasses.replace(form, fields=fields)


def _packed(form: Form) -> dict[str, Any]:
    return dataclasses.asdict(dataclasses.replace(form, token=""))


def _unpacked(data: dict[str, Any]) -> Form:
    fields = tuple(_field(one) for one in data["fields"])
    carry = tuple((name, value) for name, value in data["carry"])
    return Form(**(data | {"fields": fields, "carry": carry}))


def _field(data: dict[str, Any]) -> Field:
    value = tuple(data["value"]) if isinstance(data["value"], list) else data["value"]
    return Field(**(data | {"value": value, "options": tuple(Option(**one) for one in data["options"])}))
