"""What the conversation needs from outside: a way to each platform, words, and somebody to tell."""

from __future__ import annotations

from typing import Protocol

from bot.conversation.model import Conversation, Message
from bot.handoff.model import Ticket


class DeliveryFailed(Exception):
    """The platform could not be reached now; another try may succeed."""


class DeliveryRefused(Exception):
    """The platform will not take this message, now or later."""


class Channel(Protocol):
    """The way to one platform."""

    name: str

    async def send(self, external_id: str, message: Message) -> None:
        """Show ``message`` to the customer; ``DeliveryFailed`` or ``DeliveryRefused`` if it was not."""
        ...


class Words(Protocol):
    """What the system says by itself."""

    def say(self, key: str, **values: object) -> str: ...


class Listener(Protocol):
    """Somebody who shows conversations as they happen. Told after the commit; must not raise."""

    async def message_stored(self, message: Message) -> None: ...

    async def mode_changed(self, conversation: Conversation, ahead: int | None) -> None: ...

    async def typing_changed(self, conversation_id: str, who: str, is_typing: bool) -> None: ...

    async def ticket_changed(self, ticket: Ticket) -> None: ...
