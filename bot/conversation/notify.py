"""Tells everybody who is watching, after the commit: a failed look-on never fails the work."""

from __future__ import annotations

import structlog

from bot.conversation.model import Conversation, Message
from bot.conversation.ports import Listener
from bot.handoff.model import Ticket

log = structlog.get_logger()


class Notifier:
    """Fans out to the listeners that the wiring added."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def add(self, listener: Listener) -> None:
        self._listeners.append(listener)

    async def message(self, message: Message) -> None:
        for listener in self._listeners:
            try:
                await listener.message_stored(message)
            except Exception:
                log.exception("notify.message_failed", message=message.id)

    async def mode(self, conversation: Conversation, ahead: int | None = None) -> None:
        for listener in self._listeners:
            try:
                await listener.mode_changed(conversation, ahead)
            except Exception:
                log.exception("notify.mode_failed", conversation=conversation.id)

    async def typing(self, conversation_id: str, who: str, is_typing: bool) -> None:
        for listener in self._listeners:
            try:
                await listener.typing_changed(conversation_id, who, is_typing)
            except Exception:
                log.exception("notify.typing_failed", conversation=conversation_id)

    async def ticket(self, ticket: Ticket) -> None:
        for listener in self._listeners:
            try:
                await listener.ticket_changed(ticket)
            except Exception:
                log.exception("notify.ticket_failed", ticket=ticket.id)
