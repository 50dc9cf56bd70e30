"""Tells a group's leaders what could not be sent, and what they can do about it."""

from __future__ import annotations

from bot.app import App
from bot.outbox import Outbox
from bot.port import Trouble
from handlers.chat.messages import Text, message
from handlers.chat.replies import DirectMessage, Notice
from locales import speaking, translate
from storage.models.exchange import OutboxRow
from storage.models.members import Group
from storage.queries import exchange, members


class Parked:
    """What was put aside because it could not be sent.

    Args:
        app: the bot.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def tell(self, row: OutboxRow, trouble: Trouble) -> None:
        """Who has just named the channel hears of it at once, the group's leaders in their next bundle: of one place or
        person and one trouble once a week, since what reaches nobody today reaches nobody tomorrow."""
        if row.group_id is None:
            return
        if namer := row.target.get("named_by"):
            await self._tell_namer(row, namer)
        now = self._app.clock.now()
        key = f"parked:{now:%G-%V}:{row.group_id}:{row.lane}:{trouble.value}"[:240]
        async with self._app.storage.write() as session:
            if not await exchange.claim(session, key, now):
                return
            group = await members.get_group(session, row.group_id)
            user = row.target.get("user", "")
            person = await members.find_person(session, row.platform, row.workspace, user) if user else None
            leaders = await members.list_leaders(session, group.id)
            for leader in (one for one in leaders if one.id != namer):
                outbox = Outbox(session, group=group, person=leader, now=now, new_id=self._app.new_id)
                with speaking(leader.locale or group.locale):
                    text = _text(row, trouble, group, person.name if person else "")
                await outbox.put(Notice(text, f"parked:{row.id}", "people", leader.id))

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
