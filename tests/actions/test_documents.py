"""A file in the conversation: verified first, placed where it belongs, asked about where that is unsure."""

from __future__ import annotations

from datetime import date

import pytest

from actions.answers import AnswerAction
from actions.colleagues import Colleagues
from actions.documents import DocumentsAction, DocumentSentAction
from bot.messages import Card, QuickReplies
from bot.servicing.documents import ApplicationDocuments, DocumentOnRecord, SentFile
from bot.servicing.model import DocumentKind, DocumentState
from bot.servicing.precheck import Finding, Found
from bot.servicing.reading.model import Legibility, Reading
from tests.actions.conftest import ScriptedDocuments
from tests.actions.said import Message, entity, run

NO, OTHER = "FX2026110002", "FX2026110009"
FILE = "abc"


def record(kind: DocumentKind, state: DocumentState, *findings: Found) -> DocumentOnRecord:
    return DocumentOnRecord(
        kind=kind,
        state=state,
        is_required=True,
        issued_on=None,
        valid_until=None,
        months_covered=None,
        findings=findings,
        reason=None,
        received_at=None,
    )


APPLICATION = ApplicationDocuments(
    NO,
    (
        record(DocumentKind.STATEMENT, DocumentState.MISSING),
        record(
            DocumentKind.IDENTITY,
            DocumentState.RECEIVED,
            Found(Finding.IDENTITY_VALID, {"until": date(2035, 3, 1)}),
        ),
        record(DocumentKind.MARRIAGE, DocumentState.ACCEPTED),
    ),
)


def sent(kind: DocumentKind | None = None, legibility: Legibility = Legibility.CLEAR) -> SentFile:
    return SentFile(FILE, Reading(legibility=legibility, kind=kind))


def message(**said: object) -> Message:
    return Message("document_sent", entities=[entity(name, value) for name, value in said.items()])


async def test_a_stranger_is_verified_first_and_the_file_waits(
    colleagues: Colleagues, documents: ScriptedDocuments
) -> None:
    documents.is_verified = False
    said = await run(DocumentSentAction(colleagues), message(file=FILE))
    assert (said.next_action, said.slots["verification_purpose"]) == ("progress_form", "documents")
    assert documents.asked == []


async def test_a_known_document_is_placed_and_its_validity_told(
    colleagues: Colleagues, documents: ScriptedDocuments
) -> None:
    documents.running, documents.files = (APPLICATION,), [sent(DocumentKind.IDENTITY)]
    said = await run(DocumentSentAction(colleagues), message(file=FILE))
    assert documents.asked == [("place", FILE, NO, "identity")]
    assert said.texts == [
        "已经放进申请FX2026110002的“身份证”。有效期到2035年3月1日，够用。",
        "还要补：银行流水。直接拍照或发PDF给我就行。",
    ]


@pytest.mark.parametrize("legibility", list(Legibility))
async def test_what_cannot_be_told_is_asked(
    colleagues: Colleagues, documents: ScriptedDocuments, legibility: Legibility
) -> None:
    documents.running, documents.files = (APPLICATION,), [sent(None, legibility)]
    said = await run(DocumentSentAction(colleagues), message(file=FILE))
    (question,) = [part for part in said.parts if isinstance(part, QuickReplies)]
    titles = [option.title for option in question.options]
    assert (titles[0], titles[-1]) == ("银行流水", "不用这份了")  # what is missing goes first
    assert "婚姻证明" not in titles[:2]
    assert documents.asked == []


async def test_a_pressed_kind_is_taken(colleagues: Colleagues, documents: ScriptedDocuments) -> None:
    documents.running, documents.files = (APPLICATION,), [sent()]
    await run(DocumentSentAction(colleagues), message(file=FILE, application=NO, kind="statement"))
    assert documents.asked == [("place", FILE, NO, "statement")]


async def test_a_wrong_guess_is_taken_back_and_asked(
    colleagues: Colleagues, documents: ScriptedDocuments
) -> None:
    documents.running, documents.files = (APPLICATION,), [sent(DocumentKind.IDENTITY)]
    said = await run(DocumentSentAction(colleagues), message(file=FILE, kind="ask"))
    assert documents.asked == [("unplace", FILE)]
    assert any(isinstance(part, QuickReplies) for part in said.parts)


async def test_of_several_applications_the_customer_chooses(
    colleagues: Colleagues, documents: ScriptedDocuments
) -> None:
    documents.running = (APPLICATION, ApplicationDocuments(OTHER, ()))
    documents.files = [sent(DocumentKind.IDENTITY)]
    said = await run(DocumentSentAction(colleagues), message(file=FILE))
    (question,) = [part for part in said.parts if isinstance(part, QuickReplies)]
    assert [option.title for option in question.options] == [NO, OTHER]


async def test_an_accepted_document_is_not_replaced(
    colleagues: Colleagues, documents: ScriptedDocuments
) -> None:
    documents.running, documents.files = (APPLICATION,), [sent(DocumentKind.MARRIAGE)]
    said = await run(DocumentSentAction(colleagues), message(file=FILE))
    assert "已经审核通过" in said.texts[0]
    assert documents.asked == [("place", FILE, NO, "marriage"), ("drop", FILE)]


async def test_a_file_that_is_not_wanted_is_dropped(
    colleagues: Colleagues, documents: ScriptedDocuments
) -> None:
    said = await run(DocumentSentAction(colleagues), message(file=FILE, drop=True))
    assert (said.texts, documents.asked) == (["好的，这份不用了。"], [("drop", FILE)])


async def test_the_list_names_what_is_missing_and_the_state_of_each(
    colleagues: Colleagues, documents: ScriptedDocuments
) -> None:
    documents.running = (APPLICATION,)
    said = await run(DocumentsAction(colleagues), Message("materials", "我还缺什么材料"))
    (card,) = [part for part in said.parts if isinstance(part, Card)]
    assert said.texts[0].startswith("申请FX2026110002还要补 1 样：银行流水")
    assert [(row.label, row.value) for row in card.rows] == [
        ("银行流水", "还没交"),
        ("身份证", "已收到，待审核"),
        ("婚姻证明", "已通过"),
    ]


async def test_a_document_with_a_fault_is_still_to_be_put_right(
    colleagues: Colleagues, documents: ScriptedDocuments
) -> None:
    short = Found(Finding.STATEMENT_SHORT, {"months": 4, "needed": 6, "missing": 2})
    statement = record(DocumentKind.STATEMENT, DocumentState.RECEIVED, short)
    documents.running = (ApplicationDocuments(NO, (statement,)),)
    said = await run(DocumentsAction(colleagues), Message("materials", "我还缺什么材料"))
    (card,) = [part for part in said.parts if isinstance(part, Card)]
    assert "银行流水" in said.texts[0]
    assert [(row.value, row.emphasis) for row in card.rows] == [("已收到，还要补", True)]


@pytest.mark.parametrize(
    ("text", "is_own"),
    [
        ("我还缺什么材料", True),
        ("还差哪些资料", True),
        ("我交的材料收到了吗", True),
        ("材料还缺什么", True),
        ("贷款要什么材料", False),
        ("外地户口需要哪些材料", False),
    ],
)
async def test_only_the_customers_own_list_is_looked_up(
    colleagues: Colleagues, text: str, is_own: bool
) -> None:
    said = await run(AnswerAction(colleagues), Message("materials", text))
    assert (said.next_action == "action_documents") is is_own
