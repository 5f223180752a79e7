"""Wires what supervisors look after: facts and answers, and what the bot could not answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI

from bot.desk.knowledge import KnowledgeDesk
from bot.desk.knowledge_routes import knowledge_routes
from bot.knowledge.editing import Editing
from bot.settings import ROOT

if TYPE_CHECKING:
    from bot.app import Service

KNOWLEDGE = ROOT / "data" / "knowledge"


def add_supervision(app: FastAPI, service: Service) -> None:
    """The routes of the supervisors' screens."""
    editing = Editing(service.sessions, service.clock, KNOWLEDGE)
    desk = KnowledgeDesk(
        editing, service.library, service.agents, service.sessions, service.clock, service.words
    )
    app.include_router(knowledge_routes(desk, service.desk_sessions, service.words))
