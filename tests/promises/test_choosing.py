"""A wish is chosen by some letters of its title on every platform, by whoever does not know its number."""

from __future__ import annotations

from tests.promises.driver import Driver


async def _submit(driver: Driver, person: str, title: str) -> None:
    await driver.say(person, "group", "/ønske")
    assert await driver.submit(person, {"title": title, "need": "Hver dag."}) == {}


async def _told(driver: Driver, person: str) -> str:
    return (await driver.messages(person, "private"))[-1].text


async def test_two_wishes_are_merged_by_their_titles(driver: Driver) -> None:
    await _submit(driver, "bo", "Vis mailadresse i listen")
    await _submit(driver, "carla", "Mail i oversigten")
    await driver.say("anna", "group", "/ønske flet 2")
    form = await driver.form("anna")
    assert form is not None
    assert list(form.fields) == ["into"]
    (into,) = await driver.options("anna", "into", "mailadr")
    assert await driver.submit("anna", {"into": into}) == {}
    assert "Ønske #2 er flettet ind i #1" in await _told(driver, "anna")


async def test_what_opens_a_form_about_a_wish_asks_which_where_none_is_named(driver: Driver) -> None:
    await _submit(driver, "bo", "Vis mailadresse i listen")
    await driver.say("eva", "group", "/ønske estimat")
    form = await driver.form("eva")
    assert form is not None
    assert list(form.fields) == ["wish"]
    assert "99" in (await driver.submit("eva", {"wish": "99"}))["wish"]
    (wish,) = await driver.options("eva", "wish", "mailadr")
    assert await driver.submit("eva", {"wish": wish}) == {}
    assert await driver.submit("eva", {"estimate": "20.000"}) == {}
    assert "20.000" in await _told(driver, "eva")
