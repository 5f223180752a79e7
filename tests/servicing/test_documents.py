"""What was sent becomes part of the right application's document, and nobody else's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

import pytest
from sqlalchemy import select

from bot.clock import FixedClock
from bot.knowledge import PolicyBook
from bot.servicing import Servicing
from bot.servicing.documents import ApplicationDocuments, Documents
from bot.servicing.errors import FileNotFound, IllegalTransition, NotVerified, UnknownApplication
from bot.servicing.files import Files, FileStore
from bot.servicing.model import DocumentKind, DocumentState
from bot.servicing.precheck import Finding
from bot.servicing.reading.model import NOT_READ, Legibility, Reading, Side
from bot.servicing.sent_documents import SentDocuments
from bot.servicing.store import ApplicationRow, AuditEventRow, DocumentRow
from bot.store.engine import Sessions
from bot.store.vault import Vault
from tests.servicing.conftest import CHAT, RememberedCodes
from tests.servicing.test_content import picture

NO, LAST4 = "FX2026110002", "2016"  # at the check of documents: a statement is missing, the proof was refused
OTHER_NO = "FX2026110001"
BACK = Reading(
    legibility=Legibility.CLEAR, kind=DocumentKind.IDENTITY, side=Side.BACK, valid_until=date(2035, 3, 1)
)
STATEMENT = Reading(
    legibility=Legibility.CLEAR,
    kind=DocumentKind.STATEMENT,
    covered_from=date(2026, 6, 1),
    covered_to=date(2026, 11, 20),
)
UNCLEAR = Reading(legibility=Legibility.UNCLEAR)
Send = Callable[..., Awaitable[str]]


@pytest.fixture
def documents(sessions: Sessions, clock: FixedClock, servicing: Servicing, policy: PolicyBook) -> Documents:
    return Documents(sessions, clock, servicing.identity, policy)


@pytest.fixture
async def verified(servicing: Servicing, codes: RememberedCodes) -> None:
    await servicing.begin_verification(CHAT, NO, LAST4, "k1")
    await servicing.confirm_code(CHAT, NO, codes.last, "k2")


@pytest.fixture
def send(sessions: Sessions, clock: FixedClock, vault: Vault, policy: PolicyBook, tmp_path) -> Send:
    """Sends a picture of which this was read; gives its id."""
    files = Files(sessions, clock, vault, policy, FileStore(tmp_path / "files", vault))
    sent = SentDocuments(sessions, clock)
    numbers = iter(range(100))

    async def one(reading: Reading | None, conversation_id: str = CHAT) -> str:
        number = next(numbers)
        file = await files.keep(
            conversation_id, f"n{number}", "a.png", picture(size=(10 + number, 10)), sent_by="x"
        )
        async with sessions.begin() as session:
            assert await sent.begin(session, file.id, conversation_id, f"m{number}")
        if reading is not None:
            async with sessions.begin() as session:
                assert await sent.end(session, file.id, reading) == f"m{number}"
        return file.public_id

    return one


async def row_of(sessions: Sessions, kind: DocumentKind) -> DocumentRow:
    async with sessions() as session:
        row = await session.scalar(
            select(DocumentRow)
            .join(ApplicationRow, ApplicationRow.id == DocumentRow.application_id)
            .where(ApplicationRow.application_no == NO, DocumentRow.kind == kind.value)
        )
    assert row is not None
    return row


def findings(placed) -> list[Finding]:
    return [found.finding for found in placed.document.findings]


async def test_nothing_is_told_or_placed_before_the_check(documents: Documents, send: Send) -> None:
    file = await send(STATEMENT)
    assert [one.public_id for one in await documents.waiting(CHAT)] == [file]
    with pytest.raises(NotVerified):
        await documents.applications(CHAT)
    with pytest.raises(NotVerified):
        await documents.place(CHAT, file, NO, DocumentKind.STATEMENT)


@pytest.mark.usefixtures("verified")
async def test_the_list_of_what_is_missing(documents: Documents) -> None:
    (application,) = await documents.applications(CHAT)
    assert application.application_no == NO
    assert {document.kind: document.state for document in application.documents} | {
        DocumentKind.STATEMENT: DocumentState.MISSING,
        DocumentKind.PROOF: DocumentState.REFUSED,
        DocumentKind.IDENTITY: DocumentState.ACCEPTED,
    } == {document.kind: document.state for document in application.documents}
    assert {document.kind for document in application.open} == {DocumentKind.STATEMENT, DocumentKind.PROOF}


@pytest.mark.usefixtures("verified")
async def test_a_statement_is_received_and_long_enough(
    documents: Documents, send: Send, sessions: Sessions
) -> None:
    file = await send(STATEMENT)
    placed = await documents.place(CHAT, file, NO, DocumentKind.STATEMENT)
    assert findings(placed) == [Finding.STATEMENT_ENOUGH]
    row = await row_of(sessions, DocumentKind.STATEMENT)
    assert (row.state, row.months_covered, row.file_id is not None) == ("received", 6, True)
    assert row.findings == [
        {"finding": "statement_enough", "first": "2026-06-01", "last": "2026-11-20", "months": 6}
    ]
    assert [document.kind for document in placed.application.open] == [DocumentKind.PROOF]
    assert await documents.waiting(CHAT) == ()


@pytest.mark.usefixtures("verified")
async def test_the_same_again_changes_nothing(documents: Documents, send: Send, sessions: Sessions) -> None:
    file = await send(STATEMENT)
    first = await documents.place(CHAT, file, NO, DocumentKind.STATEMENT)
    assert await documents.place(CHAT, file, NO, DocumentKind.STATEMENT) == first
    async with sessions() as session:
        events = await session.scalars(
            select(AuditEventRow).where(AuditEventRow.action == "document.received")
        )
    assert len(events.all()) == 1


@pytest.mark.usefixtures("verified")
async def test_pages_are_taken_together(documents: Documents, send: Send) -> None:
    pages = [
        Reading(
            legibility=Legibility.CLEAR,
            kind=DocumentKind.STATEMENT,
            covered_from=date(2026, first, 1),
            covered_to=date(2026, last, 20),
        )
        for first, last in ((6, 7), (10, 11))
    ]
    for page in pages:
        placed = await documents.place(CHAT, await send(page), NO, DocumentKind.STATEMENT)
    (short,) = placed.document.findings  # August and September are on no page
    assert (short.finding, short.values["months"], short.values["missing"]) == (
        Finding.STATEMENT_SHORT,
        4,
        2,
    )


@pytest.mark.usefixtures("verified")
async def test_a_better_picture_takes_the_place_of_an_unclear_one(documents: Documents, send: Send) -> None:
    unclear = await documents.place(CHAT, await send(UNCLEAR), NO, DocumentKind.STATEMENT)
    assert findings(unclear) == [Finding.UNCLEAR]
    clear = await documents.place(CHAT, await send(STATEMENT), NO, DocumentKind.STATEMENT)
    assert findings(clear) == [Finding.STATEMENT_ENOUGH]


@pytest.mark.usefixtures("verified")
async def test_a_file_that_could_not_be_read_is_attached_for_a_person(
    documents: Documents, send: Send
) -> None:
    placed = await documents.place(CHAT, await send(NOT_READ), NO, DocumentKind.PROOF)
    assert (placed.document.state, findings(placed)) == (DocumentState.RECEIVED, [Finding.NOT_READ])


@pytest.mark.usefixtures("verified")
async def test_an_accepted_document_takes_no_more(
    documents: Documents, send: Send, sessions: Sessions
) -> None:
    file = await send(BACK)
    before = await row_of(sessions, DocumentKind.IDENTITY)
    with pytest.raises(IllegalTransition):
        await documents.place(CHAT, file, NO, DocumentKind.IDENTITY)
    after = await row_of(sessions, DocumentKind.IDENTITY)
    assert (after.state, after.file_id, after.changed_at) == (
        before.state,
        before.file_id,
        before.changed_at,
    )
    assert [one.public_id for one in await documents.waiting(CHAT)] == [file]


@pytest.mark.usefixtures("verified")
async def test_a_wrong_guess_is_taken_back(documents: Documents, send: Send, sessions: Sessions) -> None:
    file = await send(STATEMENT)
    await documents.place(CHAT, file, NO, DocumentKind.STATEMENT)
    assert (await documents.unplace(CHAT, file)).public_id == file
    row = await row_of(sessions, DocumentKind.STATEMENT)
    assert (row.state, row.file_id, row.findings, row.months_covered) == ("missing", None, [], None)
    placed = await documents.place(CHAT, file, NO, DocumentKind.PROOF)
    assert findings(placed) == [Finding.OTHER_KIND]


@pytest.mark.usefixtures("verified")
async def test_what_nobody_asked_for_is_kept_as_an_extra(documents: Documents, send: Send) -> None:
    file = await send(Reading(legibility=Legibility.CLEAR, kind=DocumentKind.BUSINESS))
    placed = await documents.place(CHAT, file, NO, DocumentKind.BUSINESS)
    assert (placed.document.is_required, findings(placed)) == (False, [Finding.SEEN])


@pytest.mark.usefixtures("verified")
async def test_somebody_elses_application_or_file_is_not_found(documents: Documents, send: Send) -> None:
    file = await send(STATEMENT)
    with pytest.raises(UnknownApplication):
        await documents.place(CHAT, file, OTHER_NO, DocumentKind.STATEMENT)
    strange = await send(STATEMENT, "conversation-2")
    for attempt in (
        documents.place(CHAT, strange, NO, DocumentKind.STATEMENT),
        documents.drop(CHAT, strange),
        documents.unplace(CHAT, strange),
        documents.place(CHAT, "no such file", NO, DocumentKind.STATEMENT),
    ):
        with pytest.raises(FileNotFound):
            await attempt


@pytest.mark.usefixtures("verified")
async def test_a_file_is_not_placed_while_it_is_being_read(documents: Documents, send: Send) -> None:
    with pytest.raises(FileNotFound):
        await documents.place(CHAT, await send(None), NO, DocumentKind.STATEMENT)


@pytest.mark.usefixtures("verified")
async def test_the_check_grows_old(documents: Documents, send: Send, clock: FixedClock) -> None:
    file = await send(STATEMENT)
    clock.advance(minutes=31)
    with pytest.raises(NotVerified):
        await documents.place(CHAT, file, NO, DocumentKind.STATEMENT)


def test_an_application_without_documents_lacks_none() -> None:
    assert ApplicationDocuments("FX1", ()).open == ()
