"""Reads what the page and scripts send to the local workspace: what can't be meant gets one clear sentence."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

import locales
from handlers.chat.letters import storable
from locales import number, translate

LONGEST_FORWARD = 24 * 800
"""Hours that the clock can be moved at once."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class CallRefused(Exception):
    """A call that is not of the contract's form; the sentence goes back with a 4xx.

    Args:
        key: of the sentence in the catalogs, with what it names.
        status: of the answer.
    """

    def __init__(self, key: str, *, status: int = 400, **parameters: object) -> None:
        super().__init__(key)
        self.key, self.status, self.parameters = key, status, parameters

    def sentence(self) -> str:
        """In the language that is spoken now."""
        said = {name: number(value) if isinstance(value, int) else value for name, value in self.parameters.items()}
        return translate(self.key, **said)


def guard(host: str) -> Any:
    """A middleware: a refused call answers 4xx with `{ok: false, error}`, and a foreign page's is refused before it is
    read.

    Args:
        host: the address that is listened on. On loopback, a page that was called by another name is refused too: a
            name that somebody has pointed at this machine must not read what is on it.
    """
    own_names = {"localhost", host} if _is_loopback(host) else None

    @web.middleware
    async def answer_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
        with locales.speaking(locales.known_language(request.headers.get("Accept-Language", ""))):
            try:
                _check_name(request, own_names)
                return await handler(request)
            except CallRefused as error:
                sentence, status = error.sentence(), error.status
            except ForeignPage:
                sentence, status = translate("local.foreign"), 403
            except web.HTTPClientError as error:
                if not request.path.startswith("/api/"):
                    raise
                sentence, status = _told(request, error), error.status
        return web.json_response({"ok": False, "error": sentence}, status=status)

    return answer_refusals


def _told(request: web.Request, error: web.HTTPClientError) -> str:
    """What the server itself refused."""
    if isinstance(error, web.HTTPNotFound | web.HTTPMethodNotAllowed):
        return translate("local.no_route", method=request.method, path=request.path[:80])
    return translate("local.too_large" if isinstance(error, web.HTTPRequestEntityTooLarge) else "local.no_json")


class ForeignPage(Exception):
    """A browser's page of another address sent it."""


def _check_name(request: web.Request, own_names: set[str] | None) -> None:
    if "\0" in request.path or "\0" in request.query_string:
        raise web.HTTPNotFound
    name = request.host.rpartition(":")[0] if not request.host.endswith("]") else request.host
    bare = (name or request.host).strip("[]")
    if own_names is not None and bare not in own_names and not _is_loopback(bare):
        raise ForeignPage
    if request.method != "POST":
        return
    origin = request.headers.get("Origin")  # scripts send none
    if origin is not None and origin.partition("://")[2] != request.host:
        raise ForeignPage
    if request.content_type != "application/json":
        raise ForeignPage


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def read_body(request: web.Request) -> dict[str, Any]:
    """The call's JSON object."""
    try:
        body = await request.json()
    except (ValueError, LookupError, RecursionError) as error:  # no text, no JSON, too deep, or numbers without end
        raise CallRefused("local.no_json") from error
    if not isinstance(body, dict):
        raise CallRefused("local.no_object")
    return body


def read_text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise CallRefused("local.no_text", name=name)
    return storable(value)


def read_once(body: dict[str, Any]) -> str:
    """The once-key of a call that may be repeated; the page gives every press one."""
    return f"local:{read_text(body, 'once')}" if body.get("once") else ""


def mark_of(person_id: str, once: str) -> str | None:
    """The mark of a person's own message: sent again with the same once-key, it changes nothing."""
    return hashlib.sha256(f"{person_id} {once}".encode()).hexdigest()[:40] if once else None


def read_values(given: object) -> dict[str, str | list[str]]:
    """What was filled into a form."""
    if not isinstance(given, dict):
        raise CallRefused("local.no_values")
    return {
        str(name): [str(one) for one in value] if isinstance(value, list) else _plain(value)
        for name, value in given.items()
    }


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    return "" if value is None else str(value)


def read_moment(body: dict[str, Any], now: dt.datetime) -> dt.datetime:
    """Where the clock is to be moved to."""
    hours = body.get("forward_hours")
    if isinstance(hours, int | float) and not isinstance(hours, bool) and 0 <= hours <= LONGEST_FORWARD:
        return now + dt.timedelta(hours=hours)
    if isinstance(to := body.get("to"), str):
        try:
            moment = dt.datetime.fromisoformat(to)
        except ValueError as error:
            raise CallRefused("local.no_moment") from error
        moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
        if moment - now <= dt.timedelta(hours=LONGEST_FORWARD):
            return moment
    raise CallRefused("local.no_clock", most=LONGEST_FORWARD)
