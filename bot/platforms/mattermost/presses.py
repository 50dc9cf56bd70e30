"""A button was pressed: is it ours, on a message of ours, and is there something to ask first?"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from dataclasses import dataclass

import structlog

from bot.platforms.mattermost.dialogs import Dialogs, Reply
from bot.platforms.mattermost.forms import to_question
from bot.platforms.mattermost.house import House
from bot.platforms.mattermost.payloads import ActionCall, DialogCall, clean
from bot.platforms.mattermost.people import NAME, identity
from bot.platforms.mattermost.render import CHOICES
from bot.platforms.mattermost.send import MARK, MattermostSender
from bot.port import Answer
from bot.seals import BadSeal, ButtonSeal, StaleSeal
from handlers.chat.interactions import Place, Press
from handlers.chat.messages import Text, message
from locales import translate
from storage.queries import exchange, outbox

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
        chosen = _read_choice(call)
        seal = self._opened(chosen.token, call.user, "press")  # of one that is stale, the bot has the sentence
        if seal is not None and not await self._stands_on(call.post, seal):
            raise Forged
        if not chosen.offered:
            log.info("stale_interaction", kind="choice", user=call.user)
            return Answer(whispers=(message(Text(translate("chat.stale"))),))
        if seal is not None and (question := call.carried("q")):
            await self._ask_first(call, seal, question)
            return Answer()
        press = Press(
            sender=await self._sender.people.sender(call.user),
            place=Place(call.channel, call.channel_name, direct=call.direct),
            once=once_key(call.trigger),
            token=chosen.token,
            value=chosen.value,
        )
        return await self._dialogs.open(await self._answer(press), call.user, call.trigger)

    async def confirmed(self, call: DialogCall) -> tuple[Reply, Answer | None]:
        """The question before a deed was answered with yes; returns what `Dialogs.sent` does, and raises as `press`.
        Only what was sealed for the one who is asked answers a question: a button for everybody does not."""
        token = call.state.removeprefix(CONFIRM)
        seal = self._opened(token, call.user, "question")
        if seal is not None and not (seal.person and seal.until):
            raise Forged
        press = Press(
            sender=await self._sender.people.sender(call.user),
            place=Place(call.channel, direct=call.channel == await self._sender.direct_channel(call.user)),
            once=once_key(call.state),
            token=token,
        )
        return await self._dialogs.led_on({}, await self._answer(press), call.user)

    def _opened(self, token: str, user: str, kind: str) -> ButtonSeal | None:
        """What a button says, `None` for one that is too old or somebody else's."""
        try:
            return self._seals.open_button(token, identity(user), self._clock.now())
        except BadSeal as error:
            raise Forged from error
        except StaleSeal:
            log.info("stale_interaction", kind=kind, user=user)
            return None

    async def _ask_first(self, call: ActionCall, seal: ButtonSeal, question: str) -> None:
        """The question carries the button on, now bound to the one who is asked and to an hour."""
        until = int((self._clock.now() + CONFIRM_LIFE).timestamp())
        until = min(until, seal.until) if seal.until else until
        bound = dataclasses.replace(seal, person=identity(call.user), until=until)
        dialog = to_question(question, CONFIRM + self._seals.button(bound))
        await self._sender.client.open_dialog(call.trigger, self._sender.dialog_url, dialog)

    async def _stands_on(self, post: str, seal: ButtonSeal) -> bool:
        """Whether a message carries this button because the bot put it there.

        Anybody can post an attachment whose button calls us and says anything in it, and a copy of one message's button
        says nothing about another message. So a button for everybody is taken on the message that we sent under its
        key. Where the id of that is not stored yet, or it was sent twice, the mark on the message tells: the bot wrote
        it, and the promise with that mark has the button's key. A private one is bound to its person, and need not be
        stored on the server at all.
        """
        if not seal.key:
            return bool(seal.person)
        async with self._storage.read() as session:
            sent = await exchange.find_sent(session, seal.key)
        if sent is not None and sent.platform == NAME and sent.message == post:
            return True
        own = await self._sender.find_own(post)
        if own is None:
            return False
        async with self._storage.read() as session:
            promise = await outbox.find_promise(session, str(own.props.get(MARK, "")))
        return promise is not None and promise.key == seal.key


@dataclass(frozen=True, slots=True)
class _Choice:
    """What was pressed or chosen; `offered` is false for a choice that the message no longer has: it then carries
    another one's token."""

    token: str
    value: str = ""
    offered: bool = True


def once_key(trigger: str) -> str:
    """The once-key of what a person did: the server signs a new trigger for every click."""
    return f"{NAME}:{hashlib.sha256(trigger.encode()).hexdigest()}"


def _read_choice(call: ActionCall) -> _Choice:
    option, choices = call.carried("selected_option"), call.context.get(CHOICES)
    if not isinstance(choices, dict):
        return _Choice(call.carried("t"), option)
    tokens = {name: clean(token) for name, token in choices.items() if isinstance(token, str)}
    return _Choice(tokens[option]) if option in tokens else _Choice(next(iter(tokens.values()), ""), offered=False)
