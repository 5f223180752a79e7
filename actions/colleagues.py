"""Whom the actions work with; `actions.wiring` brings the real ones, tests bring doubles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from actions.topics import Topics
from bot.clock import Clock, china_date
from bot.knowledge.answers import AnswerBook, Embed
from bot.knowledge.phrases import Phrases
from bot.knowledge.policy import PolicyBook
from bot.papers import PaperLinks
from bot.servicing.model import LoanOnRecord, Progress


class KnowledgeLibrary(Protocol):
    """The three books; ``refresh`` reads them again when a file was edited."""

    @property
    def policy(self) -> PolicyBook: ...
    @property
    def answers(self) -> AnswerBook: ...
    @property
    def phrases(self) -> Phrases: ...
    def refresh(self) -> bool: ...


class ApplicationDesk(Protocol):
    """The part of `bot.servicing` that the dialogue uses; ``key`` makes a repeated write harmless."""

    async def begin_verification(
        self, conversation_id: str, application_no: str, id_last4: str, key: str
    ) -> None: ...
    async def confirm_code(self, conversation_id: str, application_no: str, code: str, key: str) -> None: ...
    async def is_verified(self, conversation_id: str, application_no: str) -> bool: ...
    async def progress(self, conversation_id: str, application_no: str) -> Progress: ...
    async def loan_on_record(self, conversation_id: str) -> LoanOnRecord | None: ...


@dataclass(frozen=True)
class Colleagues:
    clock: Clock
    library: KnowledgeLibrary
    servicing: ApplicationDesk
    embed: Embed
    topics: Topics
    papers: PaperLinks

    @property
    def today(self) -> date:
        """Today in China."""
        return china_date(self.clock)
