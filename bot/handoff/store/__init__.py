"""The queue's tables."""

from __future__ import annotations

from bot.handoff.store.agents import AgentRow
from bot.handoff.store.clocks import ClockRow, Clocks, Ring, Subject
from bot.handoff.store.notes import CannedReplyRow, NoteRow
from bot.handoff.store.promises import BY_REQUEST, Promised, PromiseRow, Promises
from bot.handoff.store.tickets import AssignmentRow, TicketEventRow, TicketRow, Tickets, queue_order

__all__ = [
    "BY_REQUEST",
    "AgentRow",
    "AssignmentRow",
    "CannedReplyRow",
    "ClockRow",
    "Clocks",
    "NoteRow",
    "PromiseRow",
    "Promised",
    "Promises",
    "Ring",
    "Subject",
    "TicketEventRow",
    "TicketRow",
    "Tickets",
    "queue_order",
]
