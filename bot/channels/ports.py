"""What every platform's adapter offers: ``verify``, ``parse``, ``send`` and its ``capabilities``.

``docs/adding-a-channel.md`` shows how to write one; ``tests/channels/contract`` is what it has to pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.channels.profile import Profile
from bot.conversation.model import Message
from bot.messages import Content


class NotVerified(Exception):
    """The request does not come from the platform; nothing of it is believed or kept."""


class Malformed(Exception):
    """The request is the platform's, or claims to be, but is not in its language."""


@dataclass(frozen=True)
class Request:
    """What reached us over HTTP, before anything of it is believed."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)  #: names in lower case
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Verified:
    """A request that the platform really made: its body, decrypted where the platform encrypts."""

    body: bytes
    sender: str = ""  #: whom the proof itself names, where it does (a session token); else the body tells


@dataclass(frozen=True)
class RemoteFile:
    """A picture or file that still lies with the platform."""

    reference: str  #: by which the platform hands it out
    name: str
    size: int | None = None  #: bytes, where the platform tells


@dataclass(frozen=True)
class Arrival:
    """One thing that a customer sent, as the platform tells it."""

    external_id: str  #: the platform's name for the customer
    message_id: str  #: unique within the conversation; a repeat has the same
    content: Content | RemoteFile


class Platform(Protocol):
    """The way to one platform and back."""

    name: str
    capabilities: Profile  #: what it can show; what it cannot is degraded by rule (`bot.channels.degrade`)

    def verify(self, request: Request) -> Verified:
        """The request if the platform made it, else ``NotVerified``. Compares secrets in constant time."""
        ...

    def parse(self, verified: Verified) -> Sequence[Arrival]:
        """What the customer sent, in order; nothing for what concerns no conversation.

        What we cannot read is an ``Unsupported`` that names it, not silence; ``Malformed`` for a body that is not
        in the platform's language.
        """
        ...

    async def send(self, external_id: str, message: Message) -> None:
        """Show ``message``, fitted to the capabilities.

        ``DeliveryFailed``, ``DeliveryPostponed`` or ``DeliveryRefused`` if it was not.
        """
        ...
