"""The double's addresses: which call does what, and with which status it answers."""

from __future__ import annotations

import json
import mimetypes
import pathlib
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.doubles.mattermost_integrations import DONE
from tests.doubles.mattermost_state import Account, AppError, Json, bad_parameter, forbidden

if TYPE_CHECKING:
    from tests.doubles.mattermost import MattermostDouble

Call = Callable[[web.Request, Account], Awaitable[Any]]
API = "/api/v4"
_ID = re.compile(r"[a-z0-9]{26}")


def make_routes(server: MattermostDouble) -> list[web.RouteDef]:
    """All routes that the double knows; anything else is 404, as on the server."""
    calls = _Calls(server)
    table: list[tuple[str, str, Call, int]] = [
        ("GET", "/users/me", calls.me, 200),
        ("GET", "/config", calls.config, 200),
        ("GET", "/users/me/teams", calls.my_teams, 200),
        ("GET", "/users/username/{name}", calls.user_named, 200),
        ("GET", "/users/{user}", calls.user, 200),
        ("POST", "/users/ids", calls.users, 200),
        ("POST", "/users", calls.make_person, 201),
        ("GET", "/users/{user}/tokens", calls.tokens, 200),
        ("POST", "/users/{user}/tokens", calls.make_token, 200),
        ("GET", "/users/me/teams/{team}/channels", calls.my_channels, 200),
        ("DELETE", "/users/{user}/posts/{post}/reactions/{emoji}", calls.unreact, 200),
        ("POST", "/bots", calls.make_bot, 201),
        ("GET", "/teams", calls.teams, 200),
        ("POST", "/teams", calls.make_team, 201),
        ("GET", "/teams/name/{name}", calls.team_named, 200),
        ("POST", "/teams/{team}/members", calls.join_team, 201),
        ("GET", "/teams/{team}/channels", calls.team_channels, 200),
        ("GET", "/teams/{team}/commands/autocomplete", calls.autocomplete, 200),
        ("POST", "/channels", calls.make_channel, 201),
        ("POST", "/channels/direct", calls.direct, 201),
        ("GET", "/channels/{channel}", calls.channel, 200),
        ("DELETE", "/channels/{channel}", calls.archive, 200),
        ("POST", "/channels/{channel}/restore", calls.restore, 200),
        ("GET", "/channels/{channel}/posts", calls.channel_posts, 200),
        ("GET", "/channels/{channel}/pinned", calls.pinned, 200),
        ("POST", "/channels/{channel}/members", calls.join, 201),
        ("GET", "/channels/{channel}/members/{user}", calls.member, 200),
        ("DELETE", "/channels/{channel}/members/{user}", calls.leave, 200),
        ("POST", "/posts", calls.post, 201),
        ("POST", "/posts/ephemeral", calls.post_ephemeral, 201),
        ("GET", "/posts/{post}", calls.read_post, 200),
        ("PUT", "/posts/{post}", calls.put_post, 200),
        ("PUT", "/posts/{post}/patch", calls.patch_post, 200),
        ("DELETE", "/posts/{post}", calls.delete_post, 200),
        ("POST", "/posts/{post}/pin", calls.pin, 200),
        ("GET", "/posts/{post}/reactions", calls.reactions, 200),
        ("POST", "/posts/{post}/actions/{action}", calls.click, 200),
        ("POST", "/reactions", calls.react, 200),
        ("POST", "/files", calls.upload, 201),
        ("POST", "/commands/execute", calls.execute, 200),
        ("GET", "/commands", calls.commands, 200),
        ("POST", "/commands", calls.make_command, 201),
        ("PUT", "/commands/{command}", calls.change_command, 200),
        ("POST", "/actions/dialogs/submit", calls.submit_dialog, 200),
    ]
    routes = [web.route(method, API + path, calls.known(call, status)) for method, path, call, status in table]
    return [
        *routes,
        web.post(f"{API}/users/login", calls.log_in),
        web.post(f"{API}/actions/dialogs/open", calls.open_dialog),
        web.get(f"{API}/files/{{file}}", calls.download),
        web.post("/hooks/commands/{hook}", calls.hook),
        web.get(f"{API}/websocket", server.hub.connect),
    ]


class _Calls:
    def __init__(self, server: MattermostDouble) -> None:
        self._server = server
        self._state = server.state
        self._places = server.places
        self._posts = server.posts

    def known(self, call: Call, status: int) -> Callable[[web.Request], Awaitable[web.Response]]:
        """The call for somebody with a token."""

        async def handle(request: web.Request) -> web.Response:
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            account = self._state.account_of(token)
            _check_ids(request)
            return web.json_response(await call(request, account), status=status)

        return handle

    async def me(self, request: web.Request, account: Account) -> Json:
        return self._places.user_json(account)

    async def config(self, request: web.Request, account: Account) -> Json:
        if not account.is_admin:
            raise forbidden()
        allowed = "127.0.0.0/8" if self._state.settings.allows_internal else ""
        return {"ServiceSettings": {"AllowedUntrustedInternalConnections": allowed}}

    async def my_teams(self, request: web.Request, account: Account) -> list[Json]:
        return self._places.teams_of(account.id)

    async def user(self, request: web.Request, account: Account) -> Json:
        return self._places.user_json(self._places.user(request.match_info["user"]))

    async def user_named(self, request: web.Request, account: Account) -> Json:
        return self._places.user_json(self._places.user_named(request.match_info["name"]))

    async def users(self, request: web.Request, account: Account) -> list[Json]:
        return self._places.users(await _body(request))

    async def tokens(self, request: web.Request, account: Account) -> list[Json]:
        return self._places.list_tokens(account, request.match_info["user"])

    async def make_token(self, request: web.Request, account: Account) -> Json:
        return self._places.create_token(account, request.match_info["user"], await _body(request))

    async def make_bot(self, request: web.Request, account: Account) -> Json:
        return self._places.create_bot(account, await _body(request))

    async def teams(self, request: web.Request, account: Account) -> list[Json]:
        return list(self._state.teams.values()) if account.is_admin else self._places.teams_of(account.id)

    async def make_team(self, request: web.Request, account: Account) -> Json:
        return self._places.create_team(account, await _body(request))

    async def make_channel(self, request: web.Request, account: Account) -> Json:
        return self._places.create_channel(account, await _body(request))

    async def make_person(self, request: web.Request, account: Account) -> Json:
        return self._places.create_person(account, await _body(request))

    async def log_in(self, request: web.Request) -> web.Response:
        """Passwords are not looked at here."""
        account = self._places.user_named((await _body(request))["login_id"])
        token = self._server.token_for(account.id)
        return web.json_response(self._places.user_json(account), headers={"Token": token})

    async def team_named(self, request: web.Request, account: Account) -> Json:
        for team in self._state.teams.values():
            if team["name"] == request.match_info["name"]:
                return team
        raise AppError(404, "app.team.get_by_name.missing.app_error")

    async def join_team(self, request: web.Request, account: Account) -> Json:
        return self._places.join_team(account, request.match_info["team"], (await _body(request))["user_id"])

    async def team_channels(self, request: web.Request, account: Account) -> list[Json]:
        size = min(200, int(request.query.get("per_page", 60)))
        start = int(request.query.get("page", 0)) * size
        return self._places.channels_of_team(account, request.match_info["team"])[start : start + size]

    async def my_channels(self, request: web.Request, account: Account) -> list[Json]:
        return self._places.my_channels(account, request.match_info["team"])

    async def autocomplete(self, request: web.Request, account: Account) -> list[Json]:
        return self._places.autocomplete(account, request.match_info["team"])

    async def direct(self, request: web.Request, account: Account) -> Json:
        return self._places.direct(account, await _body(request))

    async def channel(self, request: web.Request, account: Account) -> Json:
        return self._places.channel_json(self._state.visible_room(request.match_info["channel"], account.id))

    async def archive(self, request: web.Request, account: Account) -> Json:
        self._places.archive(account, request.match_info["channel"])
        return DONE

    async def restore(self, request: web.Request, account: Account) -> Json:
        return self._places.restore(account, request.match_info["channel"])

    async def channel_posts(self, request: web.Request, account: Account) -> Json:
        return self._posts.list_room(account, request.match_info["channel"], dict(request.query))

    async def pinned(self, request: web.Request, account: Account) -> Json:
        return self._posts.list_pinned(account, request.match_info["channel"])

    async def join(self, request: web.Request, account: Account) -> Json:
        return self._places.join_channel(account, request.match_info["channel"], (await _body(request))["user_id"])

    async def member(self, request: web.Request, account: Account) -> Json:
        room = self._state.member_room(request.match_info["channel"], account.id)
        if request.match_info["user"] not in room.members:
            raise AppError(404, "app.channel.get_member.missing.app_error")
        return {"channel_id": room.id, "user_id": request.match_info["user"], "roles": "channel_user"}

    async def leave(self, request: web.Request, account: Account) -> Json:
        self._places.leave_channel(account, request.match_info["channel"], request.match_info["user"])
        return DONE

    async def post(self, request: web.Request, account: Account) -> Json:
        return self._posts.create(account, await _body(request))

    async def post_ephemeral(self, request: web.Request, account: Account) -> Json:
        if not account.is_admin:
            raise forbidden()
        body = await _body(request)
        post = body["post"]
        attachments = (post.get("props") or {}).get("attachments") or []
        self._posts.ephemeral(body["user_id"], post["channel_id"], post.get("message", ""), attachments)
        return post

    async def read_post(self, request: web.Request, account: Account) -> Json:
        return self._posts.shown(self._state.readable_post(request.match_info["post"], account.id))

    async def put_post(self, request: web.Request, account: Account) -> Json:
        return self._posts.change(account, request.match_info["post"], await _body(request), whole=True)

    async def patch_post(self, request: web.Request, account: Account) -> Json:
        return self._posts.change(account, request.match_info["post"], await _body(request), whole=False)

    async def delete_post(self, request: web.Request, account: Account) -> Json:
        self._posts.delete(account, request.match_info["post"])
        return DONE

    async def pin(self, request: web.Request, account: Account) -> Json:
        self._posts.pin(account, request.match_info["post"])
        return DONE

    async def reactions(self, request: web.Request, account: Account) -> list[Json]:
        return self._server.reactions.reactions(account, request.match_info["post"])

    async def react(self, request: web.Request, account: Account) -> Json:
        return self._server.reactions.react(account, await _body(request))

    async def unreact(self, request: web.Request, account: Account) -> Json:
        where = request.match_info
        self._server.reactions.unreact(account, where["user"], where["post"], where["emoji"])
        return DONE

    async def click(self, request: web.Request, account: Account) -> Json:
        where = request.match_info
        body = await _body(request) if request.can_read_body else {}
        return await self._server.integrations.click(account, where["post"], where["action"], body)

    async def upload(self, request: web.Request, account: Account) -> Json:
        room = self._state.member_room(request.query.get("channel_id", ""), account.id)
        name, content = request.query.get("filename", ""), await request.read()
        if not name:
            raise AppError(400, "api.context.invalid_url_param.app_error")
        if not content:
            raise AppError(400, "api.file.upload_file.read_request.app_error")
        file = {"id": self._state.new_id(), "name": name, "size": len(content), "channel_id": room.id}
        file |= {"mime_type": mimetypes.guess_type(name)[0] or "", "extension": pathlib.Path(name).suffix[1:]}
        file |= {"user_id": account.id, "post_id": "", "content": content}
        self._state.files[file["id"]] = file
        shown = {key: value for key, value in file.items() if key != "content"}
        return {"file_infos": [shown], "client_ids": None}

    async def download(self, request: web.Request) -> web.Response:
        """For who may read the channel, once the file hangs on a message there."""
        account = self._state.account_of(request.headers.get("Authorization", "").removeprefix("Bearer "))
        file = self._state.files.get(request.match_info["file"])
        if file is None or not file["post_id"]:
            raise AppError(404, "app.file_info.get.app_error")
        self._state.readable_post(file["post_id"], account.id)
        return web.Response(body=file["content"], content_type=file["mime_type"] or "application/octet-stream")

    async def execute(self, request: web.Request, account: Account) -> Json:
        return await self._server.integrations.execute(account, await _body(request))

    async def commands(self, request: web.Request, account: Account) -> list[Json]:
        return self._places.list_commands(account, request.query.get("team_id", ""))

    async def make_command(self, request: web.Request, account: Account) -> Json:
        return self._places.create_command(account, await _body(request))

    async def change_command(self, request: web.Request, account: Account) -> Json:
        return self._places.update_command(account, request.match_info["command"], await _body(request))

    async def submit_dialog(self, request: web.Request, account: Account) -> Json:
        return await self._server.integrations.submit_dialog(account, await _body(request))

    async def open_dialog(self, request: web.Request) -> web.Response:
        return web.json_response(await self._server.integrations.open_dialog(await _body(request)))

    async def hook(self, request: web.Request) -> web.Response:
        await self._server.integrations.hook(request.match_info["hook"], await _body(request))
        return web.Response(text="ok")


def _check_ids(request: web.Request) -> None:
    """Ids in an address are looked at before anything else."""
    for name in ("user", "post", "channel", "team"):
        found = request.match_info.get(name, "me")
        if found != "me" and not _ID.fullmatch(found):
            raise AppError(400, "api.context.invalid_url_param.app_error")


async def _body(request: web.Request) -> Any:
    try:
        return json.loads(await request.read())
    except ValueError as error:
        raise bad_parameter("body") from error
