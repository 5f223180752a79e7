"""The live side of the desk: namespace ``/desk``, for logged-in agents only."""

from __future__ import annotations

from typing import Any

import socketio

from bot.conversation.errors import ConversationNotFound
from bot.conversation.handover import Handover
from bot.conversation.model import Conversation, Message, Sender
from bot.conversation.wire import masked_wire
from bot.desk.login import DeskSessions
from bot.desk.views import Views
from bot.handoff.model import Ticket

NAMESPACE = "/desk"
EVERYBODY = "desk"


class DeskGateway(socketio.AsyncNamespace):
    """Shows tickets to everybody at the desk, and conversations to those who watch them."""

    def __init__(self, sessions: DeskSessions, views: Views, handover: Handover) -> None:
        super().__init__(NAMESPACE)
        self._sessions = sessions
        self._views = views
        self._handover = handover

    async def on_connect(self, sid: str, environ: dict[str, Any], _auth: Any = None) -> None:
        agent = await self._sessions.agent_of_header(environ.get("HTTP_COOKIE", ""))
        if agent is None:
            raise socketio.exceptions.ConnectionRefusedError("unauthorised")
        await self.save_session(sid, {"agent_id": agent.id})
        await self.enter_room(sid, EVERYBODY)

    async def on_watch(self, sid: str, data: Any = None) -> dict[str, Any]:
        conversation_id = _conversation_in(data)
        try:
            await self._handover.standing(conversation_id)
        except ConversationNotFound:
            return {"ok": False}
        await self.enter_room(sid, conversation_id)
        return {"ok": True}

    async def on_unwatch(self, sid: str, data: Any = None) -> dict[str, Any]:
        await self.leave_room(sid, _conversation_in(data))
        return {"ok": True}

    async def message_stored(self, message: Message) -> None:
        await self.emit(
            "message",
            {"conversation_id": message.conversation_id, "message": masked_wire(message)},
            room=message.conversation_id,
        )
        # The list shows the customer's last words, also those said while they wait.
        if message.sender is Sender.CUSTOMER:
            ticket = await self._views.open_ticket_of(message.conversation_id)
            if ticket is not None:
                await self.emit("ticket", ticket, room=EVERYBODY)

    async def mode_changed(self, conversation: Conversation, ahead: int | None) -> None:
        details = {"conversation_id": conversation.id, "mode": conversation.mode.value}
        await self.emit("mode", details, room=conversation.id)

    async def typing_changed(self, conversation_id: str, who: str, is_typing: bool) -> None:
        """The desk is not shown that the bot is thinking."""

    async def ticket_changed(self, ticket: Ticket) -> None:
        await self.emit("ticket", await self._views.ticket(ticket), room=EVERYBODY)


def _conversation_in(data: Any) -> str:
    conversation_id = data.get("conversation_id") if isinstance(data, dict) else None
    return conversation_id if isinstance(conversation_id, str) else ""
