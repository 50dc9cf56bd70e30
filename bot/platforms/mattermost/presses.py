"""A button was pressed: is it ours, on a message of ours, and is there something to ask first?"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib

import structlog

from bot.platforms.mattermost.dialogs import Dialogs
from bot.platforms.mattermost.forms import to_question
from bot.platforms.mattermost.house import House
from bot.platforms.mattermost.payloads import ActionCall, DialogCall
from bot.platforms.mattermost.people import NAME, WORKSPACE
from bot.platforms.mattermost.send import MattermostSender
from bot.port import Answer
from bot.seals import BadSeal, ButtonSeal, StaleSeal
from handlers.chat.interactions import Place, Press
from storage.queries import exchange

CONFIRM_LIFE = dt.timedelta(hours=1)
"""How long a question before a deed may stand open."""

CONFIRM = "c."
"""What the state of such a question begins with."""

log = structlog.get_logger()


class Forged(Exception):
    """It was not ours: whoever made it up gets nothing."""


class Presses:
    """The buttons on one server.

    Args:
        sender: knows people, and opens the question before a deed.
        dialogs: opens the forms that presses lead to.
        house: the bot.
    """

    def __init__(self, sender: MattermostSender, dialogs: Dialogs, house: House) -> None:
        self._sender = sender
        self._dialogs = dialogs
        self._seals = house.seals
        self._storage = house.storage
        self._answer = house.answer
        self._clock = house.clock

    async def press(self, call: ActionCall) -> Answer:
        """Do what the button stands for; returns what the person is told.

        Raises:
            Forged: the button is not ours, or stands on a message that is not.
        """
        token, value = _chosen(call)
        person = f"{NAME}/{WORKSPACE}/{call.user}"
        try:
            seal = self._seals.open_button(token, person, self._clock.now())
        except BadSeal as error:
            raise Forged from error
        except StaleSeal:
            log.info("stale_interaction", kind="press", user=call.user)
            seal = None  # the bot has the sentence for it
        if seal is not None and not await self._stands_on(call.post, seal):
            raise Forged
        if seal is not None and (question := call.carried("q")):
            await self._ask_first(call, seal, person, question)
            return Answer()
        press = Press(
            sender=await self._sender.people.sender(call.user),
            place=Place(call.channel, call.channel_name, direct=call.direct),
            once=once_key(call.trigger),
            token=token,
            value=value,
        )
        answer = await self._answer(press)
        if answer.form is not None:
            await self._dialogs.open(answer.form, call.user, call.trigger, press)
        return answer

    async def confirmed(self, call: DialogCall) -> Answer:
        """The question before a deed was answered with yes; raises as `press`."""
        token = call.state.removeprefix(CONFIRM)
        try:
            self._seals.open_button(token, f"{NAME}/{WORKSPACE}/{call.user}", self._clock.now())
        except BadSeal as error:
            raise Forged from error
        except StaleSeal:
            log.info("stale_interaction", kind="question", user=call.user)
        press = Press(
            sender=await self._sender.people.sender(call.user),
            place=Place(call.channel, direct=call.channel == await self._sender.direct_channel(call.user)),
            once=once_key(call.state),
            token=token,
        )
        answer = await self._answer(press)
        if answer.form is not None:
            await self._dialogs.follow(answer.form, call.user)
        return answer

    async def _ask_first(self, call: ActionCall, seal: ButtonSeal, person: str, question: str) -> None:
        """The question carries the button on, now bound to the one who is asked and to an hour."""
        until = int((self._clock.now() + CONFIRM_LIFE).timestamp())
        bound = dataclasses.replace(seal, person=person, until=min(until, seal.until) if seal.until else until)
        dialog = to_question(question, CONFIRM + self._seals.button(bound))
        await self._sender.client.open_dialog(call.trigger, self._sender.dialog_url, dialog)

    async def _stands_on(self, post: str, seal: ButtonSeal) -> bool:
        """Whether a message carries this button because the bot put it there.

        Anybody can post an attachment whose button calls us and says anything in it. A message for everybody must be
        the one that we sent under the button's key, or at least be written by the bot itself (its id may not be
        stored yet, and a repeated message has another). A private one is bound to its person, and need not be stored
        on the server at all.
        """
        if not seal.key:
            return bool(seal.person)
        async with self._storage.read() as session:
            sent = await exchange.find_sent(session, seal.key)
        if sent is not None and sent.platform == NAME and sent.message == post:
            return True
        return await self._sender.is_own(post)


def once_key(trigger: str) -> str:
    """The once-key of what a person did: the server signs a new trigger for every click."""
    return f"{NAME}:{hashlib.sha256(trigger.encode()).hexdigest()}"


def _chosen(call: ActionCall) -> tuple[str, str]:
    """The token and the value of a press: where buttons were gathered in a select, the choice is the token."""
    option = call.carried("selected_option")
    return (option, "") if call.context.get("p") == 1 else (call.carried("t"), option)
