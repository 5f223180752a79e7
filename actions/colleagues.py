"""Whom the actions work with; `actions.wiring` brings the real ones, tests bring doubles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from actions.requests.markers import Markers
from actions.topics import Topics
from bot.clock import Clock, china_date
from bot.knowledge.answers import AnswerBook, Embed
from bot.knowledge.phrases import Phrases
from bot.knowledge.policy import PolicyBook
from bot.messages import File
from bot.papers import PaperLinks
from bot.servicing.contact import ContactWish
from bot.servicing.documents import ApplicationDocuments, Placed, SentFile
from bot.servicing.following import Followed
from bot.servicing.loan_brief import LoanBrief, LoanRef
from bot.servicing.loan_view import LoanView
from bot.servicing.model import ApplicationBrief, DocumentKind, LoanOnRecord, Progress
from bot.servicing.requests import Complaint, ComplaintCause, Draft, RequestKind, ServiceRequest


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

    def claim_of(self, named: str) -> str: ...
    async def begin_verification(self, conversation_id: str, named: str, id_last4: str, key: str) -> None: ...
    async def confirm_code(self, conversation_id: str, named: str, code: str, key: str) -> None: ...
    async def own_applications(self, conversation_id: str) -> tuple[str, ...]: ...
    async def forget_identity(self, conversation_id: str) -> bool: ...
    async def is_verified(self, conversation_id: str, application_no: str) -> bool: ...
    async def progress(self, conversation_id: str, application_no: str) -> Progress: ...
    async def applications(self, conversation_id: str) -> tuple[ApplicationBrief, ...]: ...
    async def follow(self, conversation_id: str, application_no: str) -> Followed: ...
    async def unfollow(self, conversation_id: str) -> int: ...
    async def note_contact_wish(self, conversation_id: str, wish: ContactWish) -> bool: ...
    async def loans(self, conversation_id: str) -> tuple[LoanBrief, ...]: ...
    async def loan_view(self, conversation_id: str, loan: LoanRef) -> LoanView: ...
    async def loan_on_record(
        self, conversation_id: str, loan: LoanRef | None = None
    ) -> LoanOnRecord | None: ...


class DocumentDesk(Protocol):
    """The part of `bot.servicing` that places what a customer sent; see ``bot.servicing.documents.Documents``."""

    async def waiting(self, conversation_id: str) -> tuple[SentFile, ...]: ...
    async def applications(self, conversation_id: str) -> tuple[ApplicationDocuments, ...]: ...
    async def place(
        self, conversation_id: str, public_id: str, application_no: str, kind: DocumentKind
    ) -> Placed: ...
    async def drop(self, conversation_id: str, public_id: str) -> None: ...
    async def unplace(self, conversation_id: str, public_id: str) -> SentFile: ...


class RequestDesk(Protocol):
    """The requests of the verified customer; ``bot.servicing.requests.Requests`` is one."""

    @property
    def certificate_life(self) -> timedelta: ...
    async def is_verified(self, conversation_id: str) -> bool: ...
    async def loans(self, conversation_id: str) -> tuple[LoanBrief, ...]: ...
    async def prepare(
        self, conversation_id: str, kind: RequestKind, wish: Mapping[str, Any], loan: LoanRef | None = None
    ) -> Draft: ...
    async def submit(self, conversation_id: str, draft: Draft, key: str) -> ServiceRequest: ...
    async def withdraw(self, conversation_id: str, request_no: str) -> ServiceRequest: ...
    async def of_customer(self, conversation_id: str) -> tuple[ServiceRequest, ...]: ...


class ComplaintDesk(Protocol):
    async def register(
        self, conversation_id: str, text: str, cause: ComplaintCause, key: str, *, is_urgent: bool = False
    ) -> Complaint: ...


class CertificateDesk(Protocol):
    async def file(self, request_no: str, conversation_id: str, life: timedelta) -> File: ...


class AlarmBook(Protocol):
    """Words that are always a person's business; ``actions.alarms.Alarms`` is one."""

    def heard_in(self, text: str) -> str | None: ...


@dataclass(frozen=True)
class Colleagues:
    clock: Clock
    library: KnowledgeLibrary
    servicing: ApplicationDesk
    embed: Embed
    topics: Topics
    papers: PaperLinks
    documents: DocumentDesk
    requests: RequestDesk
    complaints: ComplaintDesk
    certificates: CertificateDesk
    markers: Markers
    alarms: AlarmBook

    @property
    def today(self) -> date:
        """Today in China."""
        return china_date(self.clock)
