"""What the web channel needs from outside."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Protocol

#: Makes the keyed hash under which a network address is counted.
HashAddress = Callable[[str], str]
IPV6_SITE_BITS = 64  #: a household has as many addresses below this as it likes


class IdentityNotTaken(Exception):
    """The host page's word for who its visitor is does not hold."""


class SignedIn(Protocol):
    """Takes the word of the page that holds the widget for who its visitor is."""

    async def __call__(self, channel: str, token: str) -> str:
        """The name under which this customer speaks on the channel; ``IdentityNotTaken`` if it does not hold."""
        ...


def site_of(address: str | None) -> str | None:
    """The part of a network address that one household or office has to itself; None for one that is not public.

    A private address is a proxy's that was not trusted to say for whom it asks: counting it would lock out everybody.

    >>> site_of("240e:1:2:3:4:5:6:7")
    '240e:1:2:3::/64'
    >>> site_of("114.114.114.114")
    '114.114.114.114'
    """
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    if not parsed.is_global:
        return None
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, IPV6_SITE_BITS), strict=False))
    return str(parsed)
