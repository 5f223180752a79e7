"""Wires what stands beside the conversation at the desk: knowledge, unanswered words, cards and files to send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from bot.clock import china_date
from bot.desk.calculator import calculator_routes
from bot.desk.cards import Cards
from bot.desk.knowledge import KnowledgeDesk
from bot.desk.knowledge_routes import knowledge_routes
from bot.desk.sending import sending_routes
from bot.desk.unanswered import CannotGroup, UnknownIntent, unanswered_routes
from bot.insight.rasa_side import RasaSideFailed, run_rasa_side
from bot.insight.review import Review
from bot.insight.teaching import IntentUnknown, training_data
from bot.insight.unanswered import Reference
from bot.knowledge.calculation_defaults import defaults_on
from bot.knowledge.editing import Editing
from bot.lending.inputs import Default
from bot.settings import ROOT

if TYPE_CHECKING:
    from bot.app import Service

KNOWLEDGE = ROOT / "data" / "knowledge"


class ReviewAtDesk:
    """The review in the words of the desk."""

    def __init__(self, review: Review) -> None:
        self._review = review

    async def clusters(self, days: int) -> dict[str, Any]:
        try:
            return await self._review.clusters(days)
        except (RasaSideFailed, OSError) as exc:
            raise CannotGroup from exc

    async def lay_aside(self, misses: Sequence[tuple[str, int]], reviewer: str) -> None:
        await self._review.lay_aside([Reference(*one) for one in misses], reviewer)

    async def teach(self, misses: Sequence[tuple[str, int]], intent: str, reviewer: str) -> dict[str, Any]:
        try:
            return asdict(await self._review.teach([Reference(*one) for one in misses], intent, reviewer))
        except IntentUnknown as exc:
            raise UnknownIntent from exc


def add_supervision(app: FastAPI, service: Service) -> None:
    """The routes of the supervisors' screens."""
    editing = Editing(service.sessions, service.clock, KNOWLEDGE)
    desk = KnowledgeDesk(
        editing, service.library, service.agents, service.sessions, service.clock, service.words
    )
    app.include_router(knowledge_routes(desk, service.desk_sessions, service.words))
    review = Review(service.sessions, service.clock, lambda: training_data(ROOT), run_rasa_side)
    app.include_router(unanswered_routes(ReviewAtDesk(review), service.desk_sessions, service.words))


def add_sending(app: FastAPI, service: Service) -> None:
    """Calculations, and what agents send of them and of files."""

    def defaults() -> Mapping[str, Default]:
        return defaults_on(service.library.policy, china_date(service.clock))

    app.include_router(calculator_routes(defaults))
    cards = Cards(defaults, service.words)
    app.include_router(
        sending_routes(
            service.work, cards, service.files, service.desk_sessions, service.views, service.words
        )
    )
