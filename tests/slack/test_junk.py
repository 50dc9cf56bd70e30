"""What Slack signed and never sends: it is survived with one line in the log, and nothing is done."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from structlog.testing import capture_logs

from tests.promises.slack import SlackDriver

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

FORM_OF_LISTS = (
    b"payload=" + quote(json.dumps({"type": "view_submission", "view": {"callback_id": "form"}, "user": []})).encode()
)

JUNK: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", JSON),
    "no JSON": (b"{", JSON),
    "a list": (b"[1, 2]", JSON),
    "a number": (b"7", JSON),
    "null": (b"null", JSON),
    "a text": (b'"x"', JSON),
    "empty": (b"{}", JSON),
    "no text at all": (b"\xff\xfe\x00", JSON),
    "deep": (b"[" * 5_000 + b"]" * 5_000, JSON),
    "unknown type": (json.dumps({"type": "nobody_knows"}).encode(), JSON),
    "event that is a list": (json.dumps({"type": "event_callback", "event": []}).encode(), JSON),
    "reaction of nobody": (json.dumps({"type": "event_callback", "event": {"type": "reaction_added"}}).encode(), JSON),
    "reaction on a text": (
        json.dumps({"type": "event_callback", "event": {"type": "reaction_added", "item": "x"}}).encode(),
        JSON,
    ),
    "home of nobody": (
        json.dumps({"type": "event_callback", "event": {"type": "app_home_opened", "tab": "home"}}).encode(),
        JSON,
    ),
    "payload that is no JSON": (b"payload={", FORM),
    "payload that is a list": (b"payload=[]", FORM),
    "payload that is a number": (b"payload=7", FORM),
    "press without anything": (f"payload={quote(json.dumps({'type': 'block_actions'}))}".encode(), FORM),
    "press of numbers": (
        f"payload={quote(json.dumps({'type': 'block_actions', 'user': 7, 'actions': [7]}))}".encode(),
        FORM,
    ),
    "form without a view": (f"payload={quote(json.dumps({'type': 'view_submission'}))}".encode(), FORM),
    "form of lists": (FORM_OF_LISTS, FORM),
    "command without a channel": (b"command=%2Foenske", FORM),
    "command of nobody": (b"command=%2Foenske&channel_id=C0GROUP", FORM),
    "no type": (b"command=%2Foenske", ""),
}


@pytest.mark.parametrize("name", JUNK)
async def test_signed_junk_is_answered_without_a_crash(slack_http: SlackDriver, name: str) -> None:
    raw, content_type = JUNK[name]
    requests = slack_http.double.requests
    with capture_logs() as logs:
        status = await requests.post(raw, {"Content-Type": content_type} | requests.signed(raw))
    assert status in (200, 400, 401, 404)
    assert len([one for one in logs if one["log_level"] == "warning"]) <= 1
    assert [one["event"] for one in logs if one["log_level"] in ("error", "critical") or one.get("exc_info")] == []
    await slack_http.settle()
    assert await slack_http.messages("bo", "group") == []
