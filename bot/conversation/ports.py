"""What the conversation needs from outside: a way to each platform, words, and somebody to tell."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.conversation.model import Conversation, Message
from bot.handoff.model import Ticket


class DeliveryFailed(Exception):
    """The platform could not be reached now; another try may succeed, after ``retry_after`` seconds if it said so."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class DeliveryRefused(Exception):
    """The platform will not take this message, now or later."""


class DeliveryInDoubt(Exception):
    """It may have been done: the request was written and never answered."""


class DeliveryPostponed(Exception):
    """The platform takes this message at another time; waiting for that is no failed try."""

    def __init__(self, until: datetime, reason: str) -> None:
        super().__init__(reason)
        self.until = until  #: when to try again, unless the channel says earlier that it can


class Channel(Protocol):
    """The way to one platform."""

    name: str

    async def send(self, external_id: str, message: Message) -> None:
        """Show ``message`` to the customer.

        ``DeliveryFailed``, ``DeliveryPostponed`` or ``DeliveryRefused`` if it was not.
        """
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
