"""The documents of an application: what is missing, and what a customer has sent for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, china_date
from bot.servicing.errors import FileNotFound, IllegalTransition, NotVerified, UnknownApplication
from bot.servicing.identity import IdentityCheck, normal_number
from bot.servicing.model import ApplicationState, DocumentKind, DocumentState
from bot.servicing.ports import Policy, PolicyFact
from bot.servicing.precheck import Found, examined
from bot.servicing.reading import Legibility, Reading
from bot.servicing.sent_documents import SentState, reading_in
from bot.servicing.store import (
    ApplicationRow,
    AuditEventRow,
    DocumentRow,
    SentDocumentRow,
    StoredFileRow,
)
from bot.store.engine import Sessions


@dataclass(frozen=True, kw_only=True)
class DocumentOnRecord:
    """A document as an application has it."""

    kind: DocumentKind
    state: DocumentState
    is_required: bool
    issued_on: date | None
    valid_until: date | None
    months_covered: int | None
    findings: tuple[Found, ...]
    reason: str | None  #: why it was refused
    received_at: datetime | None

    @property
    def has_fault(self) -> bool:
        """Whether it is there, but the pre-check found something that the customer should put right."""
        return self.state is DocumentState.RECEIVED and any(found.is_fault for found in self.findings)

    @property
    def is_open(self) -> bool:
        """Whether the customer still has to bring it, or bring more or better of it."""
        is_lacking = self.state in (DocumentState.MISSING, DocumentState.REFUSED)
        return self.is_required and (is_lacking or self.has_fault)


@dataclass(frozen=True)
class SentFile:
    """A file of this conversation that waits to be placed."""

    public_id: str
    reading: Reading


@dataclass(frozen=True)
class ApplicationDocuments:
    """An application of the customer with its documents."""

    application_no: str
    documents: tuple[DocumentOnRecord, ...]

    @property
    def open(self) -> tuple[DocumentOnRecord, ...]:
        return tuple(document for document in self.documents if document.is_open)


@dataclass(frozen=True)
class Placed:
    """A file that is part of a document now, and what all its files come to."""

    application: ApplicationDocuments
    document: DocumentOnRecord


def received(state: DocumentState, application_no: str) -> DocumentState:
    """The state of a document for which a file came; an accepted one takes no more."""
    if state is DocumentState.ACCEPTED:
        raise IllegalTransition(application_no, "the document has been accepted")
    return DocumentState.RECEIVED


class Documents:
    """Places what was sent. Only a verified customer learns of an application or has something placed in it."""

    def __init__(self, sessions: Sessions, clock: Clock, identity: IdentityCheck, policy: Policy) -> None:
        self._sessions = sessions
        self._clock = clock
        self._identity = identity
        self._policy = policy

    async def waiting(self, conversation_id: str) -> tuple[SentFile, ...]:
        """The files of this conversation that are to be placed, in the order they came."""
        async with self._sessions() as session:
            rows = await session.execute(
                select(StoredFileRow.public_id, SentDocumentRow.reading)
                .join(StoredFileRow, StoredFileRow.id == SentDocumentRow.file_id)
                .where(
                    SentDocumentRow.conversation_id == conversation_id,
                    SentDocumentRow.state == SentState.WAITING.value,
                )
                .order_by(SentDocumentRow.id)
            )
            return tuple(SentFile(public_id, reading_in(reading)) for public_id, reading in rows)

    async def applications(self, conversation_id: str) -> tuple[ApplicationDocuments, ...]:
        """The running applications of the verified customer with their documents; ``NotVerified``."""
        async with self._sessions.begin() as session:
            rows = await self._own(session, conversation_id)
            found = [
                ApplicationDocuments(row.application_no, await documents_of(session, row.id)) for row in rows
            ]
            for row in rows:
                session.add(self._audit(conversation_id, "documents.read", row.application_no))
        return tuple(found)

    async def place(
        self, conversation_id: str, public_id: str, application_no: str, kind: DocumentKind
    ) -> Placed:
        """Make the file part of the application's document of this kind, and check that anew.

        The same again changes nothing. A file that was placed elsewhere is moved. ``NotVerified``,
        ``UnknownApplication`` (also somebody else's), ``FileNotFound``, or ``IllegalTransition`` when the
        document has been accepted.
        """
        async with self._sessions.begin() as session:
            application = await self._own_one(session, conversation_id, application_no)
            sent = await self._sent(session, conversation_id, public_id)
            document = await self._document(session, application.id, kind)
            if sent.document_id != document.id or sent.state != SentState.PLACED:
                await self._take(session, application, document, sent)
                session.add(
                    self._audit(
                        conversation_id, "document.received", application.application_no, kind=kind.value
                    )
                )
            documents = await documents_of(session, application.id)
        on_record = next(one for one in documents if one.kind is kind)
        return Placed(ApplicationDocuments(application.application_no, documents), on_record)

    async def drop(self, conversation_id: str, public_id: str) -> None:
        """The customer does not want the file used; ``FileNotFound``. Only one that is not placed is dropped."""
        async with self._sessions.begin() as session:
            sent = await self._sent(session, conversation_id, public_id)
            if sent.state == SentState.WAITING:
                sent.state = SentState.DROPPED.value

    async def unplace(self, conversation_id: str, public_id: str) -> SentFile:
        """Take a file out of its document, to be placed elsewhere; ``FileNotFound``."""
        async with self._sessions.begin() as session:
            sent = await self._sent(session, conversation_id, public_id)
            if sent.state == SentState.PLACED and sent.document_id is not None:
                await self._leave(session, sent)
            sent.state = SentState.WAITING.value
            return SentFile(public_id, reading_in(sent.reading))

    async def _own(self, session: AsyncSession, conversation_id: str) -> Sequence[ApplicationRow]:
        """Running applications of the customer that the conversation proved to be."""
        customer = await self._identity.verified_customer(session, conversation_id)
        if customer is None:
            raise NotVerified
        return (
            await session.scalars(
                select(ApplicationRow)
                .where(
                    ApplicationRow.customer_id == customer,
                    ApplicationRow.state == ApplicationState.IN_PROGRESS.value,
                )
                .order_by(ApplicationRow.submitted_at.desc())
            )
        ).all()

    async def _own_one(
        self, session: AsyncSession, conversation_id: str, application_no: str
    ) -> ApplicationRow:
        number = normal_number(application_no)
        for row in await self._own(session, conversation_id):
            if row.application_no == number:
                return row
        raise UnknownApplication(number)

    async def _sent(self, session: AsyncSession, conversation_id: str, public_id: str) -> SentDocumentRow:
        row = await session.scalar(
            select(SentDocumentRow)
            .join(StoredFileRow, StoredFileRow.id == SentDocumentRow.file_id)
            .where(StoredFileRow.public_id == public_id, SentDocumentRow.conversation_id == conversation_id)
            .with_for_update(of=SentDocumentRow)
        )
        if row is None or row.state == SentState.BEING_READ:
            raise FileNotFound(public_id)
        return row

    async def _document(self, session: AsyncSession, application_id: int, kind: DocumentKind) -> DocumentRow:
        """The document of this kind; one that was not asked for is kept as an extra."""
        row = await session.scalar(
            select(DocumentRow)
            .where(DocumentRow.application_id == application_id, DocumentRow.kind == kind.value)
            .order_by(DocumentRow.id)
            .with_for_update()
            .limit(1)
        )
        if row is None:
            row = DocumentRow(
                application_id=application_id,
                kind=kind.value,
                is_required=False,
                state=DocumentState.MISSING.value,
                findings=[],
                changed_at=self._clock.now(),
            )
            session.add(row)
            await session.flush()
        return row

    async def _take(
        self,
        session: AsyncSession,
        application: ApplicationRow,
        document: DocumentRow,
        sent: SentDocumentRow,
    ) -> None:
        now = self._clock.now()
        before = DocumentState(document.state)
        document.state = received(before, application.application_no).value
        if before is not DocumentState.RECEIVED:
            await self._replace(session, document)
        if sent.document_id is not None and sent.document_id != document.id:
            await self._leave(session, sent)
        if reading_in(sent.reading).legibility is Legibility.CLEAR:
            await self._replace(session, document, only_illegible=True)
        sent.document_id, sent.state, sent.placed_at = document.id, SentState.PLACED.value, now
        document.file_id, document.received_at, document.changed_at = sent.file_id, now, now
        document.reason = None
        await session.flush()
        await self._examine(session, document)

    async def _leave(self, session: AsyncSession, sent: SentDocumentRow) -> None:
        """The document goes on without the file, and is missing again if it was the last."""
        document = await session.get_one(DocumentRow, sent.document_id)
        if document.state == DocumentState.ACCEPTED:
            raise IllegalTransition(document.kind, "the document has been accepted")
        sent.document_id = None
        await session.flush()
        left = await self._files_of(session, document.id)
        document.file_id = left[-1].file_id if left else None
        document.changed_at = self._clock.now()
        if not left and document.state == DocumentState.RECEIVED:
            document.state, document.received_at = DocumentState.MISSING.value, None
        await self._examine(session, document)

    async def _replace(
        self, session: AsyncSession, document: DocumentRow, *, only_illegible: bool = False
    ) -> None:
        """Earlier files count no more: all of a refused document, or those that could not be read."""
        for earlier in await self._files_of(session, document.id):
            if not only_illegible or reading_in(earlier.reading).legibility in (
                Legibility.UNCLEAR,
                Legibility.BLANK,
            ):
                earlier.state = SentState.REPLACED.value
        await session.flush()

    async def _files_of(self, session: AsyncSession, document_id: int) -> Sequence[SentDocumentRow]:
        return (
            await session.scalars(
                select(SentDocumentRow)
                .where(
                    SentDocumentRow.document_id == document_id,
                    SentDocumentRow.state == SentState.PLACED.value,
                )
                .order_by(SentDocumentRow.placed_at, SentDocumentRow.id)
            )
        ).all()

    async def _examine(self, session: AsyncSession, document: DocumentRow) -> None:
        """Write down what the document's files come to."""
        readings = [reading_in(row.reading) for row in await self._files_of(session, document.id)]
        is_self_employed = (
            await session.scalar(
                select(DocumentRow.id).where(
                    DocumentRow.application_id == document.application_id,
                    DocumentRow.kind == DocumentKind.BUSINESS.value,
                    DocumentRow.is_required,
                )
            )
            is not None
        )
        found = examined(
            DocumentKind(document.kind),
            readings,
            self._fact,
            china_date(self._clock),
            is_self_employed=is_self_employed,
        )
        document.findings = [one.to_wire() for one in found]
        figures = {name: value for one in found for name, value in one.values.items()}
        document.valid_until = figures.get("until")
        document.months_covered = figures.get("months")
        document.issued_on = figures.get("on")
        await session.flush()

    def _fact(self, key: str) -> PolicyFact:
        return self._policy.fact(key, china_date(self._clock))

    def _audit(self, conversation_id: str, action: str, application_no: str, **detail: str) -> AuditEventRow:
        return AuditEventRow(
            at=self._clock.now(),
            actor=f"conversation:{conversation_id}",
            action=action,
            subject=f"application:{application_no}",
            detail=detail,
        )


async def documents_of(session: AsyncSession, application_id: int) -> tuple[DocumentOnRecord, ...]:
    """The documents of an application, those still to be brought first."""
    rows = (
        await session.scalars(
            select(DocumentRow).where(DocumentRow.application_id == application_id).order_by(DocumentRow.id)
        )
    ).all()
    documents = [
        DocumentOnRecord(
            kind=DocumentKind(row.kind),
            state=DocumentState(row.state),
            is_required=row.is_required,
            issued_on=row.issued_on,
            valid_until=row.valid_until,
            months_covered=row.months_covered,
            findings=tuple(Found.from_wire(one) for one in row.findings),
            reason=row.reason,
            received_at=row.received_at,
        )
        for row in rows
    ]
    return tuple(sorted(documents, key=lambda document: not document.is_open))
