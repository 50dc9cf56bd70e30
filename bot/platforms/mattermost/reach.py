"""Whether a server may call the bot's address: addresses within a house must be allowed first."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

_INSIDE = (".local", ".internal", ".lan")

PATIENCE = 5.0
"""Seconds to wait for what a name stands for."""

Resolve = Callable[[str], Awaitable[tuple[str, ...]]]
"""A name → the addresses that it stands for, none where nobody knows it."""


async def resolve(host: str) -> tuple[str, ...]:
    """What this machine's resolver says."""
    try:
        async with asyncio.timeout(PATIENCE):
            found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError):
        return ()
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the bot is, as its server would see it: the name in its address, and what that stands for."""

    host: str
    addresses: tuple[str, ...]

    @property
    def is_internal(self) -> bool:
        """Whether it is an address that a server does not call unless it is told to."""
        if any(_is_inside(one) for one in self.addresses):
            return True
        return self.host not in self.addresses and ("." not in self.host or self.host.endswith(_INSIDE))

    @property
    def is_own_machine(self) -> bool:
        """Whether it stands for whatever machine it is called from."""
        return any(ipaddress.ip_address(one).is_loopback for one in self.addresses)

    def is_allowed(self, setting: str) -> bool:
        """Whether the server's setting AllowedUntrustedInternalConnections, names and networks with blanks or commas
        between, allows it. A single address there means one that is called by just that."""
        allowed = setting.replace(",", " ").split()
        if self.host.casefold() in (one.casefold() for one in allowed):
            return True
        inside = [one for one in self.addresses if _is_inside(one)]
        return bool(inside) and all(any(_covers(one, address) for one in allowed) for address in inside)


async def reach_of(url: str, look_up: Resolve = resolve) -> Reach:
    """What the address stands for."""
    host = urlsplit(url).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return Reach(host, await look_up(host))
    return Reach(host, (host,))


def _is_inside(address: str) -> bool:
    return not ipaddress.ip_address(address).is_global


def _covers(network: str, address: str) -> bool:
    if "/" not in network:
        return False
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
