"""Members: who is in the group, for whom they speak, and what they may do."""

from __future__ import annotations

from handlers.capability import Ask, Capability, Deed, Perform
from handlers.chat.replies import Replies
from handlers.context import Context
from handlers.members.prepared import confirm_prepared, drop_prepared
from handlers.members.standing import find_standing
from storage.queries import members


async def choose_group(context: Context, ask: Ask) -> Replies:
    """Which group is meant here from now on; and what was asked for goes on."""
    context.known_group = await members.get_group(context.session, ask.number())
    context.me.chosen_group_id = context.known_group.id
    context.standing = await find_standing(context.session, context.known_group, context.me)
    deed, _, text = ask.value.partition(" ")
    return [Perform(deed, Ask(text=text))]


CAPABILITY = Capability(
    name="members",
    deeds=(
        Deed("members.choose_group", choose_group, anywhere=True),
        Deed("members.confirm_prepared", confirm_prepared),
        Deed("members.drop_prepared", drop_prepared),
    ),
)
