"""Members: who is in the group, for whom they speak, and what they may do.

The room is larger than others (about 2,900 lines) because everything that decides who may decide stands in it once:
founding, joining, trust, roles, the committee, rights and settings read the same roster, and no other room may.
"""

from __future__ import annotations

from handlers.capability import Ask, Capability, Deed, Perform
from handlers.chat.replies import Replies
from handlers.chat.router import Word
from handlers.context import Context
from handlers.members import (
    appointing,
    choosing,
    founding,
    joining,
    leaving,
    overview,
    people,
    personal,
    steering,
    trust,
    units,
)
from handlers.members.prepared import confirm_prepared, drop_prepared
from handlers.members.standing import find_standing
from handlers.members.standing_in import TIMERS
from handlers.members.substitutes import name_substitute
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
        Deed("members.confirm_prepared", confirm_prepared, wakes=True),
        Deed("members.drop_prepared", drop_prepared),
        Deed("members.open_founding", founding.open_founding, writes=False, anywhere=True),
        Deed("members.found", founding.found_group, anywhere=True),
        Deed("members.open_join", joining.open_join, writes=False),
        Deed("members.join", joining.join_group),
        Deed("members.confirm", trust.confirm_representatives, prepared=True, check=trust.check_awaiting),
        Deed("members.confirm_leader", trust.confirm_leader),
        Deed("members.propose_steering", steering.propose_here, anywhere=True),
        Deed("members.bind_steering", steering.bind_channel),
        Deed("members.sit_in_steering", steering.sit_in_committee),
        Deed("members.confirm_seats", steering.confirm_seats),
        Deed("members.open_appoint", appointing.open_appoint, writes=False),
        Deed("members.appoint", appointing.appoint),
        Deed("members.substitute", name_substitute),
        Deed("members.take_lead", appointing.take_lead),
        Deed("members.open_end_role", leaving.open_end_role, writes=False),
        Deed("members.end_role", leaving.end_seat),
        Deed("members.ask_leave", leaving.ask_leave),
        Deed("members.leave", leaving.leave_group),
        Deed("members.show_rights", overview.show_rights, writes=False),
        Deed("members.show_members", overview.show_members, writes=False),
        Deed("members.open_settings", choosing.open_settings, writes=False),
        Deed("members.change_settings", choosing.change_group),
        Deed("members.mute", personal.toggle_mute, anywhere=True),
        Deed("members.my_data", personal.show_my_data, anywhere=True),
    ),
    words=(
        Word("group", "members.open_founding", ("opret", "create")),
        Word("group", "members.show_rights", ("hvem", "who")),
        Word("group", "members.show_members", ("medlemmer", "members")),
        Word("group", "members.open_join", ("repræsenterer", "repraesenterer", "join")),
        Word("group", "members.open_appoint", ("udpeg", "appoint")),
        Word("group", "members.substitute", ("stedfortræder", "stedfortraeder", "stedfortrader", "substitute")),
        Word("group", "members.propose_steering", ("styregruppe", "committee")),
        Word("group", "members.ask_leave", ("forlad", "leave")),
        Word("group", "members.open_settings", ("indstillinger", "settings")),
        Word("group", "members.mute", ("stille", "mute")),
        Word("group", "members.my_data", ("mine-data", "minedata", "my-data")),
    ),
    lookups={
        "municipality": units.look_up_units,
        "supplier": people.look_up_people,
        "member": people.look_up_people,
        "seat": leaving.look_up_seats,
    },
    timers=TIMERS,
)
