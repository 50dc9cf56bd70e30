"""A person at the page in a real browser: what they open, write, press, fill in and see, in a test's own words."""

from __future__ import annotations

import pathlib
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import BrowserContext, Locator, Page, expect

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""How the system's Chromium is started: without looking for anything outside this machine."""

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")

Values = Mapping[str, str | bool | list[str]]


def find_chromium() -> str | None:
    """The path of the system's Chromium, `None` where there is none."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


@dataclass(frozen=True)
class Shown:
    """A message as it stands on the page. `chips` is how many people stand behind each emoji."""

    author: str
    text: str
    private: bool
    buttons: tuple[str, ...]
    chips: dict[str, int] = field(default_factory=dict)


class Chat:
    """One open page.

    Args:
        page: a page of a fresh context.
        address: where the workspace is served.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address.rstrip("/")
        self.complaints: list[str] = []
        page.on("console", lambda said: self._complain(said.type, f"{said.text} {said.location['url']}"))
        page.on("pageerror", lambda error: self._complain("error", str(error)))

    @classmethod
    async def begin(cls, context: BrowserContext, address: str) -> Chat:
        return cls(await context.new_page(), address)

    # -- where one is

    async def open(self, person: str = "anna", channel: str = "koordinationsgruppe") -> None:
        """Go to the page as this person; the channel `dm` is their direct messages."""
        await self.page.goto(f"{self.address}/#as={person}&channel={channel}")
        await self.page.wait_for_selector("html[data-ready]")
        await self.arrived(person, channel)

    async def become(self, name: str) -> None:
        """Switch to the person with this name."""
        await self.page.locator("#person-switch").click()
        await self.page.get_by_role("menuitemradio", name=name).click()
        await expect(self.page.locator("#person-switch")).to_contain_text(name)
        await self.arrived()

    async def go(self, channel: str) -> None:
        """Open a channel by its id, or `dm`."""
        await self.room(channel).click()
        await self.arrived(channel=channel)

    async def arrived(self, person: str = "", channel: str = "") -> None:
        """Wait until what is shown is this person's, and of this channel."""
        where = re.compile(f"^{person or '.*'} {channel if channel != 'dm' else 'dm:.*'}")
        await expect(self.page.locator("#list")).to_have_attribute("data-place", where)
        await self.settled()

    def room(self, channel: str) -> Locator:
        return self.page.locator(f'.room-link[data-channel="{channel}"]')

    async def speak(self, language: str) -> None:
        """Switch the language: `Dansk` or `English`."""
        await self.page.get_by_role("radio", name=language).check(force=True)
        await self.settled()

    # -- what one does

    async def say(self, text: str) -> None:
        """Write a message or a command, and send it."""
        await self.page.locator("#composer-text").fill(text)
        await self.page.locator("#composer-send").click()
        await self.settled()

    def message(self, containing: str) -> Locator:
        """The newest message that says this."""
        return self.page.locator("#list article", has_text=containing).last

    def button(self, label: str, message: str = "") -> Locator:
        """The button with this in its label, on the newest message that has one (and says `message`)."""
        within = self.page.locator("#list article", has_text=message) if message else self.page.locator("#list article")
        return within.locator(".actions").get_by_role("button", name=label).last

    async def press(self, label: str, message: str = "", *, sure: bool = False) -> None:
        """Press it; `sure` answers the question that is asked first."""
        await self.button(label, message).click()
        if sure:
            await self.page.locator("dialog.confirm").get_by_role("button", name=label).click()
        await self.settled()

    async def choose(self, label: str, option: str, message: str = "") -> None:
        """Open a select of a message and take the option with this in its label."""
        await self.button(label, message).click()
        await self.page.get_by_role("menuitem", name=option).click()
        await self.settled()

    def chip(self, message: str, emoji: str) -> Locator:
        return self.message(message).locator(f'.chip[data-emoji="{emoji}"]')

    async def react(self, message: str, emoji: str) -> None:
        """Click the emoji on the newest message that says this, from the picker where it is not there yet."""
        if not await self.chip(message, emoji).count():
            await self.message(message).hover()
            await self.message(message).locator('[data-key^="picker"]').click()
            await self.page.locator(f'.picker .emoji[data-emoji="{emoji}"]').click()
        else:
            await self.chip(message, emoji).click()
        await self.settled()

    async def forward(self, label: str) -> None:
        """Move the clock by one of its buttons: `+1 time`, `+1 dag`, `+1 uge`."""
        await self.page.locator("#clock-open").click()
        await self.page.locator(".clock-panel").get_by_role("button", name=label).click()
        await self.settled()
        await self.page.keyboard.press("Escape")

    # -- forms

    @property
    def form(self) -> Locator:
        return self.page.locator("dialog.form[open]")

    def field(self, name: str) -> Locator:
        """The whole of a field: label, control, hint and error."""
        return self.form.locator(f'[data-field="{name}"]')

    async def fill(self, values: Values) -> None:
        """Fill in fields of the open form by their names."""
        await expect(self.form).to_be_visible()
        for name, value in values.items():
            await self._fill_one(self.field(name), value)

    async def _fill_one(self, box: Locator, value: str | bool | list[str]) -> None:
        kind = next(word for word in (await box.get_attribute("class") or "").split() if word.startswith("kind-"))
        if isinstance(value, bool):
            await box.locator("input").set_checked(value)
        elif isinstance(value, list):
            for one in value:
                await box.locator(f'input[type="checkbox"][value="{one}"]').check()
        elif kind == "kind-search":
            await box.locator("input").fill(value)
            await box.get_by_role("option", name=value).first.click()
        elif kind == "kind-choice":
            select = box.locator("select")
            if await select.count():
                await select.select_option(value)
            else:
                await box.locator(f'input[value="{value}"]').check()
        else:
            await box.locator("input, textarea").fill(value)

    async def submit(self) -> dict[str, str]:
        """Send the open form; returns the sentences at its fields (under "" what is said of the whole), none if it was
        taken."""
        await self.form.locator("#form-send").click()
        await self.settled()
        wrong = self.form.locator(".field.is-wrong")
        errors = {
            await one.get_attribute("data-field") or "": await one.locator(".field-error").inner_text()
            for one in await wrong.all()
        }
        whole = await self.form.locator(".form-error").all_inner_texts()
        return errors | ({"": " ".join(whole)} if whole else {})

    # -- what one sees

    async def messages(self) -> list[Shown]:
        """What stands in the channel, oldest first."""
        found: list[dict[str, Any]] = await self.page.eval_on_selector_all(
            "#list article",
            """(nodes) => nodes.map((node) => ({
                author: node.querySelector('.author').textContent,
                text: node.querySelector('.content').innerText,
                private: node.querySelector('.only-you') !== null,
                buttons: [...node.querySelectorAll('.actions button')].map((one) => one.innerText),
                chips: Object.fromEntries([...node.querySelectorAll('.chip')].map(
                    (one) => [one.dataset.emoji, Number(one.querySelector('.count').textContent)])),
            }))""",
        )
        return [Shown(**one | {"buttons": tuple(one["buttons"])}) for one in found]

    async def settled(self) -> None:
        """Wait until what the person did is done and drawn."""
        await self.page.wait_for_selector('html:not([data-working="true"])')

    async def picture(self, path: pathlib.Path) -> None:
        """Save what the window shows."""
        await self.page.screenshot(path=path)

    def _complain(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)
