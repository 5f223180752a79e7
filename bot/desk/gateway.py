"""The live side of the desk: namespace ``/desk``, for logged-in agents only."""

from __future__ import annotations

import asyncio
from typing import Any

import socketio
import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.conversation.errors import ConversationNotFound
from bot.conversation.handover import Handover
from bot.conversation.model import Conversation, Message, Sender
from bot.conversation.notify import Notifier
from bot.desk.login import DeskSessions
from bot.desk.views import Views, note_view
from bot.handoff.agents import SIGN_EVERY, Agents
from bot.handoff.model import Ticket
from bot.handoff.notebook import Note
from bot.handoff.store import Ring

log = structlog.get_logger()

NAMESPACE = "/desk"
EVERYBODY = "desk"
SUPERVISORS = "supervisors"


class DeskGateway(socketio.AsyncNamespace):
    """Shows tickets to everybody at the desk, and conversations to those who watch them."""

    def __init__(
        self, sessions: DeskSessions, agents: Agents, views: Views, handover: Handover, notifier: Notifier
    ) -> None:
        super().__init__(NAMESPACE)
        self._sessions = sessions
        self._agents = agents
        self._views = views
        self._handover = handover
        self._notifier = notifier
        self._open: dict[str, str] = {}  #: the agent of each open desk

    async def run(self) -> None:
        """Note again and again whose desks are open here, until cancelled."""
        while True:
            try:
                await self._agents.is_here(set(self._open.values()))
            except SQLAlchemyError:
                log.exception("desk.presence_not_noted")
            await asyncio.sleep(SIGN_EVERY.total_seconds())

    async def on_connect(self, sid: str, environ: dict[str, Any], _auth: Any = None) -> None:
        agent = await self._sessions.agent_of_header(environ.get("HTTP_COOKIE", ""))
        if agent is None:
            raise socketio.exceptions.ConnectionRefusedError("unauthorised")
        await self.save_session(sid, {"agent_id": agent.id})
        self._open[sid] = agent.id
        await self.enter_room(sid, EVERYBODY)
        if agent.is_supervisor:
            await self.enter_room(sid, SUPERVISORS)

    async def on_disconnect(self, sid: str, _reason: Any = None) -> None:
        self._open.pop(sid, None)

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

    async def on_typing(self, sid: str, data: Any = None) -> None:
        """The customer sees that the agent writes."""
        conversation_id = _conversation_in(data)
        if conversation_id in self.rooms(sid):
            await self._notifier.typing(conversation_id, "agent", bool(data.get("is_typing")))

    async def message_stored(self, message: Message) -> None:
        await self.emit(
            "message",
            {"conversation_id": message.conversation_id, "message": self._views.message(message)},
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
        """Those who watch see the customer write; that the bot is thinking is not shown."""
        if who == "customer":
            details = {"conversation_id": conversation_id, "is_typing": is_typing}
            await self.emit("typing", details, room=conversation_id)

    async def rang(self, ring: Ring) -> None:
        """A promise comes near its end, or is broken: the desk is told, supervisors see it marked."""
        details = {
            "subject": ring.subject.value,
            "id": ring.subject_id,
            "promise": ring.promise.value,
            "is_breach": ring.is_breach,
        }
        await self.emit("clock", details, room=EVERYBODY)

    async def note_added(self, note: Note) -> None:
        """Colleagues who watch the conversation see it at once."""
        details = {"conversation_id": note.conversation_id, "note": note_view(note)}
        await self.emit("note", details, room=note.conversation_id)

    async def help_asked(self, ticket: Ticket) -> None:
        """An agent wants a supervisor: all of them hear it, whoever is first comes."""
        await self.emit("help", await self._views.ticket(ticket), room=SUPERVISORS)

    async def ticket_changed(self, ticket: Ticket) -> None:
        await self.emit("ticket", await self._views.ticket(ticket), room=EVERYBODY)


def _conversation_in(data: Any) -> str:
    conversation_id = data.get("conversation_id") if isinstance(data, dict) else None
    return conversation_id if isinstance(conversation_id, str) else ""
