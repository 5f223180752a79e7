"""Wires the parts of the desk that stand beside the queue: one's own login, supervisors asked in, promises."""

from __future__ import annotations

from fastapi import APIRouter

from bot.clock import Clock
from bot.conversation.handover import Handover
from bot.conversation.helping import Helping
from bot.conversation.ports import Words
from bot.conversation.promising import Promising
from bot.desk.account import account_routes
from bot.desk.gateway import DeskGateway
from bot.desk.helping import help_routes, promise_routes
from bot.desk.login import DeskSessions
from bot.desk.views import Views
from bot.handoff.second_factor import SecondFactor


def make_desk_routes(
    second_factor: SecondFactor,
    handover: Handover,
    sessions: DeskSessions,
    views: Views,
    gateway: DeskGateway,
    clock: Clock,
    words: Words,
) -> list[APIRouter]:
    """The routers; supervisors hear through the gateway that one of them is wanted."""
    return [
        account_routes(second_factor, sessions, words),
        help_routes(Helping(handover, clock, words), sessions, views, words, gateway.help_asked),
        promise_routes(Promising(handover, clock), sessions, handover.levels, clock, words),
    ]
