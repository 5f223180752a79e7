"""The Socket.IO side of the chat page: namespace ``/chat``, one room a conversation."""

from __future__ import annotations

from typing import Any

import socketio
import structlog

from bot.channels.web.sessions import WebSessions
from bot.conversation.wire import message_wire, mode_wire
from bot.clock import Clock
from bot.conversation.errors import ConversationError
from bot.conversation.handover import Handover
from bot.conversation.inbox import Inbox
from bot.conversation.model import Conversation, Message, Sender
from bot.conversation.ports import Words
from bot.conversation.store import Log
from bot.conversation.turns import Turns
from bot.handoff.model import Ticket
from bot.messages import Choice, Content, Inbound, Text
from bot.store.engine import Sessions

log = structlog.get_logger()

NAMESPACE = "/chat"
CHANNEL = "web"
MAX_CLIENT_ID = 64


class WebGateway(socketio.AsyncNamespace):
    """Receives for the inbox, delivers for the outbox, and shows what happens to whoever is watching."""

    name = CHANNEL

    def __init__(
        self,
        tokens: WebSessions,
        sessions: Sessions,
        inbox: Inbox,
        turns: Turns,
        handover: Handover,
        clock: Clock,
        words: Words,
    ) -> None:
        super().__init__(NAMESPACE)
        self._tokens = tokens
        self._sessions = sessions
        self._inbox = inbox
        self._turns = turns
        self._handover = handover
        self._clock = clock
        self._words = words

    async def on_connect(self, sid: str, _environ: dict[str, Any], auth: Any = None) -> None:
        details = auth if isinstance(auth, dict) else {}
        conversation_id = self._tokens.conversation_of(details.get("token"))
        if conversation_id is None:
            raise socketio.exceptions.ConnectionRefusedError("session")
        await self.save_session(sid, {"conversation_id": conversation_id})
        await self.enter_room(sid, conversation_id)
        await self.emit("history", await self._missed(conversation_id, details.get("since")), to=sid)

    async def on_since(self, sid: str, data: Any = None) -> dict[str, Any]:
        """What the browser missed."""
        since = data.get("since") if isinstance(data, dict) else None
        return await self._missed(await self._conversation_of(sid), since)

    async def on_send(self, sid: str, data: Any = None) -> dict[str, Any]:
        """One message; the answer says under which number it is stored, or why it is not."""
        conversation_id = await self._conversation_of(sid)
        content = _content_of(data)
        client_id = data.get("client_id") if isinstance(data, dict) else None
        if content is None or not isinstance(client_id, str) or not 0 < len(client_id) <= MAX_CLIENT_ID:
            return self._refused("malformed")
        inbound = Inbound(
            channel=CHANNEL,
            conversation_id=conversation_id,
            message_id=client_id,
            content=content,
            received_at=self._clock.now(),
        )
        try:
            received = await self._inbox.receive(inbound)
        except ConversationError as exc:
            return self._refused(exc.code)
        except Exception:
            log.exception("web.receive_failed", conversation=conversation_id)
            return self._refused("not_stored")
        if not received.is_repeat:
            self._turns.wake(conversation_id)
        return {"ok": True, "seq": received.message.seq}

    async def send(self, external_id: str, message: Message) -> None:
        """Delivery for the outbox: whoever is away will ask for it by number when they are back."""
        await self._show(message)

    async def message_stored(self, message: Message) -> None:
        """A customer's own words, for their other tabs; everything else comes through the outbox."""
        if message.channel == CHANNEL and message.sender is Sender.CUSTOMER:
            await self._show(message)

    async def mode_changed(self, conversation: Conversation, ahead: int | None) -> None:
        if conversation.channel == CHANNEL:
            await self.emit("mode", mode_wire(conversation, ahead), room=conversation.id)

    async def typing_changed(self, conversation_id: str, who: str, is_typing: bool) -> None:
        await self.emit("typing", {"who": who, "on": is_typing}, room=conversation_id)

    async def ticket_changed(self, ticket: Ticket) -> None:
        """A customer sees a ticket only through the mode."""

    async def _show(self, message: Message) -> None:
        await self.emit("message", message_wire(message), room=message.conversation_id)

    async def _conversation_of(self, sid: str) -> str:
        session: dict[str, str] = await self.get_session(sid)
        return session["conversation_id"]

    async def _missed(self, conversation_id: str, since: Any) -> dict[str, Any]:
        after = since if isinstance(since, int) and since >= 0 else 0
        async with self._sessions() as session:
            messages = await Log(session).since(conversation_id, after)
        return {
            "messages": [message_wire(message) for message in messages],
            "has_more": False,
            **mode_wire(*await self._handover.standing(conversation_id)),
        }

    def _refused(self, code: str) -> dict[str, Any]:
        return {"ok": False, "error": {"code": code, "message": self._words.say(f"refused.{code}")}}


def _content_of(data: Any) -> Content | None:
    if not isinstance(data, dict):
        return None
    text, payload, title = data.get("text"), data.get("payload"), data.get("title")
    if isinstance(text, str):
        return Text(text)
    if isinstance(payload, str) and isinstance(title, str):
        return Choice(payload, title)
    return None
