"""The double's side of commands, buttons and dialogs: what it sends to the bot, and what it makes of the answers."""

from __future__ import annotations

import ipaddress
import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import aiohttp

from tests.doubles.mattermost_posts import Posts
from tests.doubles.mattermost_state import Account, AppError, Json, Room, State, bad_parameter, forbidden
from tests.doubles.mattermost_stream import Hub

PATIENCE = 30.0
HOOK_LIFE = 30 * 60_000
HOOK_USES = 5
DONE = {"status": "OK"}

_TEXTS = ("response_type", "text", "username", "channel_id", "icon_url", "type", "goto_location")
_NO_ANSWER = dict.fromkeys(_TEXTS, "") | {
    "props": None,
    "attachments": None,
    "extra_responses": None,
    "skip_slack_parsing": False,
}
_DIALOG: Json = {
    "callback_id": "",
    "title": "",
    "introduction_text": "",
    "icon_url": "",
    "submit_label": "",
    "state": "",
}
_DIALOG |= {"notify_on_cancel": False}
_ELEMENT: Json = {
    "display_name": "",
    "name": "",
    "type": "",
    "subtype": "",
    "default": "",
    "placeholder": "",
    "help_text": "",
}
_ELEMENT |= {"optional": False, "min_length": 0, "max_length": 0, "data_source": "", "options": None}


class _NoAnswer(Exception):
    """The bot could not be reached, or did not answer in time."""


class Integrations:
    """Calls to bots. `delivered` are all payloads that went out, so that a test can look at or repeat them."""

    def __init__(self, state: State, hub: Hub, posts: Posts) -> None:
        self._state = state
        self._hub = hub
        self._posts = posts
        self._session: aiohttp.ClientSession | None = None
        self.delivered: list[tuple[str, bytes, dict[str, str]]] = []

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def execute(self, account: Account, body: Json) -> Json:
        """`POST /commands/execute`."""
        if len(body.get("channel_id", "")) != 26 or not body.get("command", "").startswith("/"):
            raise AppError(400, "api.command.execute_command.start.app_error")
        room = self._state.member_room(body["channel_id"], account.id)
        team = room.team or body.get("team_id", "")
        if account.id not in self._state.team_members.get(team, {}):
            raise forbidden()
        word, text = _cut(body.get("command", ""))
        row = self._command(team, word)
        client_id, trigger = self._state.make_trigger(account.id)
        sent = urlencode(sorted(self._command_form(account, room, team, row, text, trigger).items()))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Authorization": f"Token {row['token']}",
            "Accept": "application/json",
        }
        try:
            status, media_type, raw = await self._call(row["url"], sent.encode(), headers)
        except _NoAnswer as error:
            raise AppError(500, "api.command.execute_command.failed.app_error") from error
        if status != 200:
            raise AppError(500, "api.command.execute_command.failed_resp.app_error", f"returned response {status}")
        answer = _command_answer(media_type, raw)
        try:
            self._show_answer(account, room, answer)
        except AppError as error:
            raise AppError(500, "api.command.execute_command.create_post_failed.app_error") from error
        return _NO_ANSWER | answer | {"trigger_id": client_id}

    async def hook(self, hook: str, body: Json) -> None:
        """`POST /hooks/commands/{id}`: five uses within half an hour."""
        row = self._state.hooks.get(hook)
        if row is None:
            raise AppError(404, "web.command_webhook.command.app_error")
        if row["uses"] >= HOOK_USES or self._state.clock() - row["at"] > HOOK_LIFE:
            raise AppError(400, "app.command_webhook.try_use.invalid")
        row["uses"] += 1
        self._show_answer(self._state.accounts[row["user"]], self._state.rooms[row["channel"]], body)

    async def click(self, account: Account, post_id: str, action_id: str, body: Json) -> Json:
        """`POST /posts/{post}/actions/{action}`."""
        if cookie := body.get("cookie"):
            stored = self._state.cookies.get(cookie)
            if stored is None:
                raise AppError(400, "api.post.do_action.action_integration.app_error")
            room = self._state.member_room(stored["channel_id"], account.id)
            action, post = stored["action"], None
        else:
            post = self._state.posts.get(post_id)
            room = self._state.member_room(post["channel_id"] if post else "", account.id)
            action = _find_action(self._state.post(post_id), action_id)
        client_id, trigger = self._state.make_trigger(account.id)
        sent = self._action_json(account, room, post_id, trigger, action, body)
        answer = await self._ask(action["integration"]["url"], sent)
        self._apply(account, room, post, post_id, answer)
        return DONE | {"trigger_id": client_id}

    async def open_dialog(self, body: Json) -> Json:
        """`POST /actions/dialogs/open`: the trigger is all the permission that is asked for."""
        client_id, user = self._state.open_trigger(str(body.get("trigger_id", "")))
        if not body.get("url"):
            raise bad_parameter("url")
        dialog = body.get("dialog") or {}
        _check_types(dialog)
        whole = _DIALOG | dialog | {"elements": [_ELEMENT | one for one in dialog.get("elements") or ()]}
        shown = {"trigger_id": client_id, "url": body["url"], "dialog": whole}
        self._hub.tell("open_dialog", {"dialog": json.dumps(shown)}, only=user)
        return DONE

    async def submit_dialog(self, account: Account, body: Json) -> Json:
        """`POST /actions/dialogs/submit`: address, state and submission are what the client says; only the person is
        the server's word."""
        self._state.member_room(body.get("channel_id", ""), account.id)
        if account.id not in self._state.team_members.get(body.get("team_id", ""), {}):
            raise forbidden()
        if not body.get("url"):
            raise bad_parameter("url")
        sent = {
            "type": "dialog_submission",
            "callback_id": body.get("callback_id", ""),
            "state": body.get("state", ""),
            "user_id": account.id,
            "channel_id": body["channel_id"],
            "team_id": body["team_id"],
            "submission": body.get("submission"),
            "cancelled": bool(body.get("cancelled")),
        }
        answer = await self._ask(body["url"], sent, text_is_fine=True)
        return {name: answer[name] for name in ("errors", "error") if answer.get(name)}

    async def repeat(self, count: int = 1) -> None:
        """Send the last payload once more, as a proxy does that lost the answer."""
        url, body, headers = self.delivered[-1]
        for _ in range(count):
            await self._call(url, body, headers)

    def _command(self, team: str, word: str) -> Json:
        for row in self._state.commands.values():
            if row["team_id"] == team and row["trigger"] == word.lower():
                return row
        raise AppError(404, "api.command.execute_command.not_found.app_error")

    def _command_form(
        self, account: Account, room: Room, team: str, row: Json, text: str, trigger: str
    ) -> dict[str, str]:
        hook = self._state.new_id()
        self._state.hooks[hook] = {"user": account.id, "channel": room.id, "uses": 0, "at": self._state.clock()}
        return {
            "channel_id": room.id,
            "channel_name": room.name,
            "team_id": team,
            "team_domain": self._state.teams[team]["name"],
            "user_id": account.id,
            "user_name": account.username,
            "command": f"/{row['trigger']}",
            "text": text,
            "token": row["token"],
            "trigger_id": trigger,
            "response_url": f"{self._state.settings.site_url}/hooks/commands/{hook}",
        }

    def _action_json(self, account: Account, room: Room, post_id: str, trigger: str, action: Json, body: Json) -> Json:
        context = dict(action["integration"].get("context") or {})
        if action["type"] == "select":
            context["selected_option"] = str(body.get("selected_option", ""))
        return {
            "user_id": account.id,
            "user_name": account.username,
            "channel_id": room.id,
            "channel_name": room.name,
            "team_id": room.team,
            "team_domain": self._state.teams[room.team]["name"] if room.team else "",
            "post_id": post_id,
            "trigger_id": trigger,
            "type": action["type"],
            "data_source": action.get("data_source", ""),
            "context": context,
        }

    def _show_answer(self, account: Account, room: Room, answer: Json) -> None:
        text, attachments = answer.get("text", ""), answer.get("attachments") or []
        if not text and not attachments:
            return
        if answer.get("response_type") == "in_channel":
            props = {"attachments": attachments, "from_webhook": "true"}
            self._posts.create(account, {"channel_id": room.id, "message": text, "props": props})
            return
        self._posts.ephemeral(account.id, room.id, _slack_parsed(text, answer), attachments, hook=True)

    def _apply(self, account: Account, room: Room, post: Json | None, post_id: str, answer: Json) -> None:
        if update := answer.get("update"):
            if post is None or post["delete_at"]:
                raise AppError(404, "app.post.get.app_error")
            self._posts.apply_update(post, update)
        if text := answer.get("ephemeral_text"):
            root = (post["root_id"] or post["id"]) if post else post_id
            self._posts.ephemeral(account.id, room.id, text, [], root=root)

    async def _ask(self, url: str, sent: Json, *, text_is_fine: bool = False) -> Json:
        failed = AppError(400, "api.post.do_action.action_integration.app_error")
        try:
            headers = {"Content-Type": "application/json", "Accept": "application/json"}
            status, _, raw = await self._call(url, json.dumps(sent).encode(), headers)
        except _NoAnswer as error:
            raise failed from error
        if status != 200:
            raise failed
        try:
            answer = json.loads(raw)
        except ValueError as error:
            if text_is_fine:
                return {}
            raise failed from error
        if not isinstance(answer, dict | None):
            raise failed
        return answer or {}

    async def _call(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        if not self._state.settings.allows_internal and _is_internal(url):
            raise _NoAnswer
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=PATIENCE)
            self._session = aiohttp.ClientSession(timeout=timeout, headers={"User-Agent": "Mattermost-Bot/1.1"})
        self.delivered.append((url, body, headers))
        try:
            async with self._session.post(url, data=body, headers=headers) as response:
                return response.status, response.content_type, await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _NoAnswer from error


def _cut(command: str) -> tuple[str, str]:
    """The word, and all that follows the first blank after it."""
    found = re.match(r"/(\S*)\s?(.*)", command, re.DOTALL)
    assert found is not None
    return found[1], found[2]


def _command_answer(media_type: str, raw: bytes) -> Json:
    if media_type != "application/json":
        return {"text": raw.decode()}
    try:
        answer = json.loads(raw)
    except ValueError as error:
        raise AppError(500, "api.command.execute_command.failed.app_error") from error
    if not isinstance(answer, dict | None):
        raise AppError(500, "api.command.execute_command.failed.app_error")
    return answer or {}


def _find_action(post: Json, action_id: str) -> Json:
    if not action_id.isalnum():
        raise AppError(404, "api.context.404.app_error")
    actions = [action for one in post["props"].get("attachments") or () for action in one.get("actions") or ()]
    for action in actions:
        if action["id"] == action_id and action.get("integration"):
            return action
    raise AppError(404, "api.post.do_action.action_id.app_error")


def _check_types(dialog: Any) -> None:
    """Only wrong types are noticed: lengths, counts and kinds are not."""
    if not isinstance(dialog, dict):
        raise bad_parameter("dialog")
    texts = ("title", "introduction_text", "callback_id", "submit_label", "state")
    if any(not isinstance(dialog.get(name, ""), str) for name in texts):
        raise bad_parameter("dialog")
    for element in dialog.get("elements") or ():
        for name in ("display_name", "name", "type", "default", "help_text", "placeholder", "subtype"):
            if not isinstance(element.get(name, ""), str):
                raise bad_parameter("dialog")


def _slack_parsed(text: str, answer: Json) -> str:
    if answer.get("skip_slack_parsing"):
        return text
    text = text.replace("<!channel>", "@channel").replace("<!here>", "@here").replace("<!all>", "@all")
    return re.sub(r"<(https?://[^|>\s]*)\|([^>]*)>", r"[\2](\1)", text)


def _is_internal(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost"


def form_of(body: bytes) -> dict[str, str]:
    """The fields of a command that was delivered."""
    return dict(parse_qsl(body.decode(), keep_blank_values=True))
