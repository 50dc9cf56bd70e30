"""What the stories have in common: how somebody finds a line again, and what a group has done before a story begins."""

from __future__ import annotations

from storage.session import Storage
from tests.promises.driver import Driver, SeenMessage, Values
from tests.ready import make_ready

NB = "\u00a0"
NEED = "Vi leder efter den hver dag."
DAY = 24
TO_DEADLINE = 2 * DAY + 1.5
"""Hours from a story's start, a Tuesday at half past ten, to the deadline of its poll: Thursday 3 September at noon."""

FOUNDING: Values = {
    "product": "OS2sofd",
    "level": "2",
    "municipality": "Favrskov",
    "frame": "250.000",
    "ceiling": "50.000",
    "spent": "12.000",
    "committed": "30.000",
    "held": "1",
}


async def told(driver: Driver, person: str) -> str:
    """The last line that only this person has been shown."""
    return (await driver.messages(person, "private"))[-1].text


async def offered(driver: Driver, person: str, label: str) -> SeenMessage:
    """The last line that only this person has been shown with such a button."""
    found = [one for one in await driver.messages(person, "private") if any(label in shown for shown in one.buttons)]
    assert found, f"nobody has offered {person} »{label}«"
    return found[-1]


async def press_offered(driver: Driver, person: str, label: str) -> str:
    """Press it there; returns the question that was asked first."""
    return await driver.press(person, await offered(driver, person, label), label)


async def public(driver: Driver, channel: str = "group") -> list[SeenMessage]:
    """What everybody sees in a channel."""
    reader = "gry" if channel == "steering" else "bo"
    return [one for one in await driver.messages(reader, channel) if not one.private]


async def newest(driver: Driver, channel: str = "group") -> SeenMessage:
    """The last message there that does not stand under another."""
    return [one for one in await public(driver, channel) if not one.thread][-1]


async def posted(driver: Driver, words: str, channel: str = "group") -> SeenMessage:
    """The one message there that says this to everybody."""
    found = [one for one in await public(driver, channel) if words in one.text]
    assert len(found) == 1, f"»{words}« stands {len(found)} times there"
    return found[0]


async def direct(driver: Driver, person: str, words: str) -> list[SeenMessage]:
    """The messages in the person's conversation with the bot that say this."""
    return [one for one in await driver.messages(person, "dm") if words in one.text]


async def found(driver: Driver, person: str = "anna", channel: str = "group", **values: str) -> None:
    await driver.say(person, channel, "/gruppe opret")
    assert await driver.submit(person, FOUNDING | values) == {}


async def join(driver: Driver, person: str, municipality: str) -> str:
    await driver.say(person, "group", "/gruppe repræsenterer")
    assert await driver.submit(person, {"municipality": municipality}) == {}
    return await told(driver, person)


async def submit_wish(driver: Driver, title: str, person: str = "bo", **values: str) -> None:
    await driver.say(person, "group", "/ønske")
    assert await driver.submit(person, {"title": title, "need": NEED, **values}) == {}


async def card(driver: Driver, number: int) -> SeenMessage:
    """A wish's card as it is now."""
    found = [one for one in await public(driver) if one.text.startswith(f"#{number} ")]
    assert len(found) == 1
    return found[0]


async def set_frame(driver: Driver, frame: str = "250.000", ceiling: str = "50.000", **more: str) -> dict[str, str]:
    """The committee sets this year's frame."""
    await driver.say("gry", "group", "/gruppe økonomi")
    await press_offered(driver, "gry", "Sæt ramme")
    return await driver.submit("gry", {"frame": frame, "ceiling": ceiling, **more})


async def open_poll(
    driver: Driver, storage: Storage, *titles: str, estimates: tuple[int, ...] = (), **values: str | list[str]
) -> SeenMessage:
    """A poll on wishes that are ready, three where none are named; returns its first message."""
    await make_ready(
        storage, *(titles or ("Vis mailadresse", "Hurtigere søgning", "Mørk tilstand")), estimates=estimates
    )
    await driver.say("anna", "group", "/afstemning")
    given: Values = {"title": "Prioritering af efteråret", "date": "2026-09-03"}
    assert await driver.submit("anna", given | values) == {}
    return await poll(driver)


async def poll(driver: Driver, number: int = 1) -> SeenMessage:
    """A poll's first message as it is now."""
    return next(one for one in await public(driver) if one.text.startswith(f"Afstemning {number}: "))


async def result(driver: Driver) -> SeenMessage:
    return await posted(driver, "Resultat af afstemning 1")
