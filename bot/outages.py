"""Tells the leaders of a chat's groups that the bot was cut off from it: what they wrote meanwhile reached nobody."""

from __future__ import annotations

import datetime as dt

from bot.app import App
from bot.outbox import Outbox
from bot.port import Outage
from handlers.chat.replies import Notice
from locales import long_moment, speaking, translate
from storage.queries import members


class Outages:
    """What the leaders hear.

    Args:
        app: the bot.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def tell(self, outage: Outage) -> None:
        """Every leader there hears of it once, in the next bundle; that it is over takes the place of that it is."""
        now, told = self._app.clock.now(), set[str]()
        async with self._app.storage.write() as session:
            groups = [group for group in await members.list_groups(session) if group.platform == outage.platform]
            for group in groups:
                for leader in await members.list_leaders(session, group.id):
                    if leader.id in told:
                        continue
                    told.add(leader.id)
                    outbox = Outbox(session, group=group, person=leader, now=now, new_id=self._app.new_id)
                    with speaking(leader.locale or group.locale, self._app.zone):
                        text = _text(outage, now)
                    await outbox.put(Notice(text, f"outage:{outage.platform}:{outage.kind}", "people", leader.id))


def _text(outage: Outage, now: dt.datetime) -> str:
    since, until = long_moment(now - dt.timedelta(seconds=outage.seconds)), long_moment(now)
    key = f"chat.outage.{outage.kind}_over" if outage.over else f"chat.outage.{outage.kind}"
    return translate(key, chat=outage.platform.capitalize(), since=since, until=until, setting=outage.setting)
