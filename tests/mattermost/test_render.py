"""Every message fits a post, its buttons keep their places in the order, and a press never hits another button."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platforms.mattermost.render import as_text, has_buttons, joined, to_post
from bot.seals import Seals
from handlers.chat.messages import Actions, Block, Button, Heading, Message, Note, Option, Select, Text, message
from tests.doubles.mattermost_posts import LONGEST_MESSAGE
from tests.doubles.mattermost_props import as_go_writes, normal_props
from tests.doubles.mattermost_state import Json, State

URL = "https://oenskebot.eksempel-kommune.dk/mattermost/action"
SEALS = Seals(("k",))
PERSON = "mattermost/server/abcdefghijklmnopqrstuvwxyz"
LABELS = st.text(alphabet="abæ<&\"' ", min_size=1, max_size=30)
BUTTONS = st.builds(
    Button,
    LABELS,
    st.sampled_from(["wish.support", "wish.edit_form", "poll.close"]),
    st.sampled_from(["1", "43", "1000"]),
    value=st.sampled_from(["", "x" * 40]),
    style=st.sampled_from(["plain", "primary", "danger"]),
    confirm=st.sampled_from(["", "Er du helt sikker?"]),
)
SELECTS = st.builds(
    Select, LABELS, st.just("wish.set"), st.lists(st.builds(Option, LABELS, LABELS), min_size=1, max_size=30).map(tuple)
)
ROWS = st.lists(BUTTONS | SELECTS, min_size=1, max_size=20).map(lambda items: Actions(tuple(items)))
TEXTS = st.sampled_from([Text("kort"), Note("<&>" * 50), Heading("#43 Et ønske"), Text("lang tekst\n" * 300)])
MESSAGES = st.lists(TEXTS | ROWS, max_size=12).map(lambda blocks: Message(tuple(blocks)))


def _sealed(shown: Message) -> Message:
    return SEALS.seal_message(shown, 1, "1:wish:43/card", PERSON, 1_800_000_000)


def _counted(attachments: list[Json]) -> int:
    props = {"attachments": attachments, "from_bot": "true", "oenskebot": "f" * 32}
    return len(as_go_writes(normal_props(props, State(lambda: 0))))


def _actions(attachments: list[Json]) -> list[Json]:
    return [action for one in attachments for action in one.get("actions", ())]


def _items(shown: Message) -> list[Button]:
    blocks = [block for block in shown.blocks if isinstance(block, Actions)]
    return [item for block in blocks for item in block.items if isinstance(item, Button)]


@settings(max_examples=150, deadline=None)
@given(MESSAGES)
def test_every_message_fits_a_post(shown: Message) -> None:
    post = to_post(_sealed(shown), URL)
    assert len(post.text) <= LONGEST_MESSAGE
    assert _counted(post.attachments) <= 8_000
    ids = [action["id"] for action in _actions(post.attachments)]
    assert len(set(ids)) == len(ids)
    assert all(one.isalnum() for one in ids)


def test_text_and_buttons_stand_in_the_order_of_the_message() -> None:
    blocks: list[Block] = [Heading("Et"), Actions((Button("A", "a"),)), Text("To"), Actions((Button("B", "b"),))]
    post = to_post(_sealed(message(*blocks, Note("Til sidst"))), URL)
    assert post.text == "#### Et"
    assert [one.get("text", "") for one in post.attachments] == ["", "To", "Til sidst"]
    assert [action["name"] for action in _actions(post.attachments)] == ["A", "B"]


def test_a_button_carries_its_seal_and_its_question_and_nothing_else() -> None:
    sealed = _sealed(message(Actions((Button("Luk", "poll.close", "7", style="danger", confirm="Helt sikker?"),))))
    block = sealed.blocks[0]
    assert isinstance(block, Actions)
    [action] = _actions(to_post(sealed, URL).attachments)
    assert action["integration"] == {"url": URL, "context": {"t": block.items[0].token, "q": "Helt sikker?"}}
    assert action["style"] == "danger"


def test_a_button_keeps_its_id_while_others_come_and_go() -> None:
    """Who still sees the old message and presses must not hit what has taken the place of what they see."""
    before = to_post(
        _sealed(message(Actions((Button("Støt", "wish.support", "1"), Button("Vis", "wish.show", "1"))))), URL
    )
    after = to_post(_sealed(message(Actions((Button("Vis", "wish.show", "1"), Button("Slet", "wish.drop", "1"))))), URL)
    old = {one["name"]: one["id"] for one in _actions(before.attachments)}
    new = {one["name"]: one["id"] for one in _actions(after.attachments)}
    assert old["Vis"] == new["Vis"]
    assert old["Støt"] not in new.values()


def test_too_many_buttons_become_choices_of_one_select_and_none_is_lost() -> None:
    buttons = [
        Button(f"Ønske {number}", "wish.show", str(number), confirm="?" if number == 3 else "") for number in range(40)
    ]
    sealed = SEALS.seal_message(message(Text("Vælg"), Actions(tuple(buttons))), 1, "1:wish:43/card")
    actions = _actions((post := to_post(sealed, URL)).attachments)
    select = actions[-1]
    names = [action["name"] for action in actions[:-1]] + [option["text"] for option in select["options"]]
    assert sorted(names) == sorted(button.label for button in buttons)
    seals = select["integration"]["context"]["p"]
    assert [option["value"] for option in select["options"]] == list(seals)
    by_name = {one.label: one.token for one in _items(sealed)}
    assert [by_name[option["text"]] for option in select["options"]] == list(seals.values())
    assert "Ønske 3" in [action["name"] for action in actions[:-1]]
    assert _counted(post.attachments) <= 8_000


def test_more_buttons_than_any_post_can_hold_are_cut_from_the_longest_row_and_the_text_says_so() -> None:
    many = tuple(Button(f"Ønske {number}", "wish.show", str(number), confirm="?") for number in range(200))
    last = (Button("Åbn", "poll.open", "7"), Button("Kassér", "poll.discard", "7", confirm="Helt sikker?"))
    post = to_post(_sealed(message(Text("Vælg"), Actions(many), Text("x" * 20_000), Actions(last))), URL)
    actions = _actions(post.attachments)
    names = {one["name"] for one in actions} | {one["text"] for action in actions for one in action.get("options", ())}
    assert {"Ønske 0", "Åbn", "Kassér"} <= names
    assert 10 < len(names) < 200
    assert "Der er flere knapper, end der er plads til her." in post.text
    assert len(post.text) <= LONGEST_MESSAGE
    assert _counted(post.attachments) <= 8_000


@pytest.mark.parametrize("length", [10, 20_000])
def test_lines_that_only_one_person_sees_are_one_text(length: int) -> None:
    shown = [message(Text("a" * length)), message(Text("b"), Actions((Button("B", "b"),)))]
    assert has_buttons(shown)
    assert not has_buttons(shown[:1])
    assert len(as_text(shown)) <= LONGEST_MESSAGE
    assert len(joined(shown).blocks) == 3
