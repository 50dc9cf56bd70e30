"""Whether a server may call the bot's address: addresses within a house must be allowed first."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

_INSIDE = (".local", ".internal", ".lan")


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


def is_internal(url: str) -> bool:
    """Whether the address is one that a server does not call unless it is told to."""
    host = host_of(url)
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_INSIDE)


def is_allowed(url: str, setting: str) -> bool:
    """Whether the server's setting AllowedUntrustedInternalConnections, names and networks with blanks or commas
    between, allows the address."""
    host = host_of(url)
    return any(_covers(one, host) for one in setting.replace(",", " ").split())


def _covers(allowed: str, host: str) -> bool:
    if allowed.casefold() == host.casefold():
        return True
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(allowed, strict=False)
    except ValueError:
        return False
