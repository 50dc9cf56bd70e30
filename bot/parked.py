"""Tells a group's leaders what could not be sent or has to wait, and what they can do about it."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.app import App
from bot.outbox import Outbox
from handlers.chat.messages import Text, message
from handlers.chat.replies import DirectMessage, Notice
from locales import speaking, translate
from storage.enums import Trouble
from storage.models.exchange import OutboxRow
from storage.models.members import Group
from storage.queries import exchange, members


class Parked:
    """What was put aside because it could not be sent, and what waits.

    Args:
        app: the bot.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def tell(self, row: OutboxRow, trouble: Trouble) -> None:
        """Who has just named the channel hears of it at once, the group's leaders in their next bundle: of one place or
        person and one trouble once a week, since what reaches nobody today reaches nobody tomorrow. Of what waits for
        an administrator or for the chat they hear once a week, whatever waits; of what hangs on another message never.
        """
        if row.group_id is None or trouble is Trouble.POST:
            return
        namer = "" if trouble.passes else row.target.get("named_by", "")
        if namer:
            await self._tell_namer(row, namer)
        now, lane = self._app.clock.now(), "" if trouble.passes else row.lane
        key = f"parked:{now:%G-%V}:{row.group_id}:{lane}:{trouble.value}"[:240]
        about = f"waiting:{trouble.value}" if trouble.passes else f"parked:{row.id}"
        if await self._is_told(key):
            return
        async with self._app.storage.write() as session:
            if await exchange.claim(session, key, now):
                await self._tell_leaders(session, row, trouble, (about, namer))

    async def _tell_leaders(
        self, session: AsyncSession, row: OutboxRow, trouble: Trouble, told: tuple[str, str]
    ) -> None:
        """`told` is what the line is about, and who knows already."""
        about, namer = told
        group = await members.get_group(session, row.group_id or 0)
        user = row.target.get("user", "")
        person = await members.find_person(session, row.platform, row.workspace, user) if user else None
        for leader in await members.list_leaders(session, group.id):
            if leader.id == namer:
                continue
            outbox = Outbox(session, group=group, person=leader, now=self._app.clock.now(), new_id=self._app.new_id)
            with speaking(leader.locale or group.locale):
                text = _text(row, trouble, group, person.name if person else "")
            await outbox.put(Notice(text, about, "people", leader.id))

    async def _is_told(self, key: str) -> bool:
        """What waits for days is asked about every few minutes: that takes no writer lock."""
        async with self._app.storage.read() as session:
            return bool(await exchange.list_claimed(session, [key]))

    async def _tell_namer(self, row: OutboxRow, namer: str) -> None:
        """It is an answer to what they wrote a moment ago: with the name, and how to put it right."""
        async with self._app.storage.write() as session:
            group, person = (
                await members.get_group(session, row.group_id or 0),
                await members.get_person(session, namer),
            )
            outbox = Outbox(session, group=group, person=person, now=self._app.clock.now(), new_id=self._app.new_id)
            with speaking(person.locale or group.locale):
                text = translate("chat.parked_named", channel=row.target["channel"], name=group.short_name)
            await outbox.put(DirectMessage(person.id, message(Text(text))))


def _text(row: OutboxRow, trouble: Trouble, group: Group, name: str) -> str:
    if trouble.passes:
        return translate("chat.waiting_scope" if trouble is Trouble.SCOPE else "chat.waiting")
    if name:
        return translate("chat.parked_person" if trouble is Trouble.PERSON else "chat.parked_for_person", name=name)
    if row.kind in ("update", "seed") and trouble in (Trouble.PLACE, Trouble.MESSAGE):
        return translate("chat.parked_update")
    if trouble is not Trouble.PLACE:
        return translate("chat.parked")
    match row.target.get("channel"):
        case group.channel:
            return translate("chat.parked_in.group")
        case group.steering_channel if group.steering_channel:
            return translate("chat.parked_in.steering")
    return translate("chat.parked_in.other")
