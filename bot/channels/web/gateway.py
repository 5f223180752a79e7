"""The Socket.IO side of the chat page: namespace ``/chat``, one room a conversation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import socketio
import structlog
from sqlalchemy import select

from bot.channels.ports import Arrival, Malformed, NotVerified, Request, Verified
from bot.channels.profile import WEB
from bot.channels.web.ports import HashAddress, site_of
from bot.channels.web.sessions import WebSessions
from bot.conversation.wire import message_wire, mode_wire
from bot.clock import Clock
from bot.conversation.errors import ConversationError
from bot.conversation.handover import Handover
from bot.conversation.inbox import Inbox
from bot.conversation.model import Conversation, Message, Sender
from bot.conversation.notify import Notifier
from bot.conversation.opinions import Opinions
from bot.conversation.ports import Words
from bot.conversation.reach import Manner, Reach
from bot.conversation.store import ConversationRow, Log
from bot.conversation.turns import Turns
from bot.handoff.model import Ticket
from bot.messages import Choice, Content, Inbound, Text
from bot.servicing.file_links import FileLinks
from bot.store.engine import Sessions
from bot.uploading import MAX_CLIENT_ID

log = structlog.get_logger()

NAMESPACE = "/chat"
CHANNEL = "web"
MAX_SEQ = 2**31 - 1  #: what the column holds


class WebGateway(socketio.AsyncNamespace):
    """Receives for the inbox, delivers for the outbox, and shows what happens to whoever is watching."""

    name = CHANNEL
    capabilities = WEB

    def __init__(
        self,
        tokens: WebSessions,
        sessions: Sessions,
        inbox: Inbox,
        turns: Turns,
        handover: Handover,
        clock: Clock,
        words: Words,
        files: FileLinks,
        hash_address: HashAddress | None = None,
        notifier: Notifier | None = None,
        opinions: Opinions | None = None,
    ) -> None:
        super().__init__(NAMESPACE)
        self._tokens = tokens
        self._sessions = sessions
        self._inbox = inbox
        self._turns = turns
        self._handover = handover
        self._clock = clock
        self._words = words
        self._hash_address = hash_address
        self._files = files
        self._notifier = notifier
        self._opinions = opinions or Opinions(sessions, clock)

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        details = auth if isinstance(auth, dict) else {}
        conversation_id = self._tokens.conversation_of(details.get("token"))
        if conversation_id is None:
            raise socketio.exceptions.ConnectionRefusedError("session")
        site = site_of(_address_in(environ))
        if site is not None and self._hash_address is not None:
            await self._inbox.came_from(conversation_id, self._hash_address(site))
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
        try:
            client_id, content = _said_in(data)
        except Malformed:
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

    async def on_opinion(self, sid: str, data: Any = None) -> dict[str, Any]:
        """A thumb up or down on an answer of the bot's."""
        conversation_id = await self._conversation_of(sid)
        seq, is_helpful = (data.get("seq"), data.get("is_helpful")) if isinstance(data, dict) else (None, None)
        if not isinstance(is_helpful, bool) or type(seq) is not int or not 0 < seq <= MAX_SEQ:
            return self._refused("malformed")
        try:
            await self._opinions.take(conversation_id, seq, is_helpful=is_helpful)
        except ConversationError as exc:
            return self._refused(exc.code)
        return {"ok": True}

    def verify(self, request: Request) -> Verified:
        """A session token names the conversation; over Socket.IO it is shown once, on connecting."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        conversation_id = self._tokens.conversation_of(token)
        if conversation_id is None:
            raise NotVerified("session token")
        return Verified(request.body, sender=conversation_id)

    def parse(self, verified: Verified) -> Sequence[Arrival]:
        try:
            client_id, content = _said_in(json.loads(verified.body))
        except (ValueError, RecursionError) as exc:
            raise Malformed("not JSON") from exc
        return [Arrival(verified.sender, client_id, content)]

    async def on_typing(self, sid: str, data: Any = None) -> None:
        """The customer writes; those who look on at the desk see it."""
        if self._notifier is not None and isinstance(data, dict):
            conversation_id = await self._conversation_of(sid)
            await self._notifier.typing(conversation_id, "customer", bool(data.get("is_typing")))

    async def send(self, external_id: str, message: Message) -> None:
        """Delivery for the outbox: whoever is away will ask for it by number when they are back."""
        await self._show(message)

    async def reach(self, external_id: str, template: str) -> Reach:
        """Always; but it lies there until they look, unless the page is open here (other replicas are not seen)."""
        async with self._sessions() as session:
            conversation_id = await session.scalar(
                select(ConversationRow.id).where(
                    ConversationRow.channel == CHANNEL, ConversationRow.external_id == external_id
                )
            )
        is_open = any(self.server.manager.get_participants(NAMESPACE, conversation_id))
        return Reach(Manner.MESSAGE, is_watched=is_open)

    async def message_stored(self, message: Message) -> None:
        """A customer's own words, for their other tabs; everything else comes through the outbox."""
        if message.channel == CHANNEL and message.sender is Sender.CUSTOMER:
            await self._show(message)

    async def mode_changed(self, conversation: Conversation, ahead: int | None) -> None:
        if conversation.channel == CHANNEL:
            await self.emit("mode", mode_wire(conversation, ahead), room=conversation.id)

    async def typing_changed(self, conversation_id: str, who: str, is_typing: bool) -> None:
        if who != "customer":
            await self.emit("typing", {"who": who, "on": is_typing}, room=conversation_id)

    async def ticket_changed(self, ticket: Ticket) -> None:
        """A customer sees a ticket only through the mode."""

    async def _show(self, message: Message) -> None:
        await self.emit("message", message_wire(message, self._files), room=message.conversation_id)

    async def _conversation_of(self, sid: str) -> str:
        session: dict[str, str] = await self.get_session(sid)
        return session["conversation_id"]

    async def _missed(self, conversation_id: str, since: Any) -> dict[str, Any]:
        after = since if isinstance(since, int) and since >= 0 else 0
        async with self._sessions() as session:
            messages = await Log(session).since(conversation_id, after)
        return {
            "messages": [message_wire(message, self._files) for message in messages],
            "has_more": False,
            "opinions": await self._opinions.of(conversation_id),
            **mode_wire(*await self._handover.standing(conversation_id)),
        }

    def _refused(self, code: str) -> dict[str, Any]:
        return {"ok": False, "error": {"code": code, "message": self._words.say(f"refused.{code}")}}


def _address_in(environ: dict[str, Any]) -> str | None:
    """The browser's address as the HTTP server knows it, a trusted proxy's word included."""
    client = (environ.get("asgi.scope") or {}).get("client")
    return str(client[0]) if client else None


def _said_in(data: Any) -> tuple[str, Content]:
    content = _content_of(data)
    client_id = data.get("client_id") if isinstance(data, dict) else None
    if content is None or not isinstance(client_id, str) or not 0 < len(client_id) <= MAX_CLIENT_ID:
        raise Malformed("client_id, and text or payload with title")
    return client_id, content


def _content_of(data: Any) -> Content | None:
    if not isinstance(data, dict):
        return None
    text, payload, title = data.get("text"), data.get("payload"), data.get("title")
    if isinstance(text, str):
        return Text(text)
    if isinstance(payload, str) and isinstance(title, str):
        return Choice(payload, title)
    return None
