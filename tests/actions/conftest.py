"""Colleagues for actions: the real policy facts and phrases, a small answer book, and a scripted servicing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.alarms import Alarms
from actions.colleagues import Colleagues
from actions.requests.markers import Markers
from actions.topics import Topics
from bot.clock import FixedClock
from bot.knowledge.answers import AnswerBook
from bot.knowledge.phrases import Phrases
from bot.knowledge.policy import PolicyBook
from bot.messages import File
from bot.papers import PaperLinks
from bot.servicing.contact import ContactWish
from bot.servicing.documents import ApplicationDocuments, Placed, SentFile
from bot.servicing.errors import IllegalTransition, NotVerified
from bot.servicing.following import Followed
from bot.servicing.loan_brief import LoanBrief, LoanRef
from bot.servicing.loan_view import LoanView
from bot.servicing.model import ApplicationBrief, DocumentKind, DocumentState, LoanOnRecord, Progress
from bot.servicing.requests import (
    Complaint,
    ComplaintCause,
    Draft,
    RequestKind,
    RequestState,
    ServiceRequest,
    WishIncomplete,
)
from bot.settings import ROOT

KNOWLEDGE = ROOT / "data" / "knowledge"

ANSWERS = {
    "prepay_process/how.md": """---
topic: prepay_process
title: 怎么提前还款
questions: [怎么提前还款]
review_by: 2027-05-31
related: [prepay_penalty, rate_change]
default: true
skill: after_loan
---
在手机银行预约就可以。
<!-- more -->
先预约，再存入款项。
""",
    "prepay_penalty/fee.md": """---
topic: prepay_penalty
title: 违约金
questions: [提前还款要违约金吗]
review_by: 2027-05-31
default: true
skill: after_loan
---
{{ policy("prepayment.penalty_early") }}。
""",
    "rate_change/now.md": """---
topic: rate_change
title: 现在的利率
questions: [现在利率多少]
review_by: 2027-05-31
default: true
---
LPR是{{ policy("lpr.over_5y") }}。
""",
    "rate_change/repricing.md": """---
topic: rate_change
title: 重定价日
questions: [什么时候调整利率]
review_by: 2027-05-31
---
在重定价日调整。
""",
    "prepay_penalty/fund.md": """---
topic: prepay_penalty
title: 公积金贷款的违约金
questions: [公积金提前还款要违约金吗]
only_if: [公积金]
review_by: 2027-05-31
---
公积金贷款不收。
""",
    "prepay_penalty/second.md": """---
topic: prepay_penalty
title: 二套房的违约金
questions: [二套房什么时候没有违约金]
only_if: [二套]
english: After {{ policy_en("prepayment.penalty_until_month") }} there is none.
review_by: 2027-05-31
---
满{{ policy("prepayment.penalty_until_month") }}就没有。
""",
    "fees_tax/gone.md": """---
topic: fees_tax
title: 没有事实
questions: [旧事实]
review_by: 2027-05-31
default: true
---
{{ policy("no.such.fact") }}
""",
}


@dataclass
class Books:
    """The three books, which nobody edits while a test runs."""

    policy: PolicyBook
    answers: AnswerBook
    phrases: Phrases

    def refresh(self) -> bool:
        return False


@dataclass
class ScriptedServicing:
    """Does what the test says, and remembers what was asked of it."""

    verified: set[str] = field(default_factory=set)
    told: Progress | None = None
    loan: LoanOnRecord | None = None
    briefs: tuple[ApplicationBrief, ...] = ()
    followed: Followed = Followed.BEGUN
    own_loans: tuple[LoanView, ...] = ()
    refuse_digits: Exception | None = None
    refuse_code: Exception | None = None
    asked: list[tuple[str, ...]] = field(default_factory=list)
    wishes: list[ContactWish] = field(default_factory=list)
    own: tuple[str, ...] = ()  #: the applications of whoever comes with a phone

    def claim_of(self, named: str) -> str:
        return f"phone:{named[-4:]}" if len(named) == 11 else named

    async def own_applications(self, conversation_id: str) -> tuple[str, ...]:
        return tuple(sorted(number for number in self.verified if not number.startswith("phone:")))

    async def forget_identity(self, conversation_id: str) -> bool:
        was_known, self.verified = bool(self.verified), set()
        return was_known

    async def begin_verification(
        self, conversation_id: str, application_no: str, id_last4: str, key: str
    ) -> None:
        self.asked.append(("begin", conversation_id, application_no, id_last4, key))
        if self.refuse_digits:
            raise self.refuse_digits

    async def confirm_code(self, conversation_id: str, application_no: str, code: str, key: str) -> None:
        self.asked.append(("confirm", conversation_id, application_no, code, key))
        if self.refuse_code:
            raise self.refuse_code
        self.verified.update({application_no} if application_no.startswith("FX") else self.own)

    async def is_verified(self, conversation_id: str, application_no: str) -> bool:
        return application_no in self.verified

    async def progress(self, conversation_id: str, application_no: str) -> Progress:
        if application_no not in self.verified or self.told is None:
            raise NotVerified
        return self.told

    async def applications(self, conversation_id: str) -> tuple[ApplicationBrief, ...]:
        if not self.verified:
            raise NotVerified
        return self.briefs

    async def follow(self, conversation_id: str, application_no: str) -> Followed:
        if application_no not in self.verified:
            raise NotVerified
        self.asked.append(("follow", conversation_id, application_no))
        return self.followed

    async def unfollow(self, conversation_id: str) -> int:
        self.asked.append(("unfollow", conversation_id))
        return 1

    async def note_contact_wish(self, conversation_id: str, wish: ContactWish) -> bool:
        if not self.verified:
            raise NotVerified
        self.wishes.append(wish)
        return wish.channel != "telegram"

    async def loans(self, conversation_id: str) -> tuple[LoanBrief, ...]:
        if not self.verified and self.loan is None:
            raise NotVerified
        if self.loan is not None and not self.own_loans:
            return (
                LoanBrief(
                    application_no=self.loan.application_no,
                    kind=self.loan.kind,
                    principal=self.loan.principal,
                    balance=self.loan.balance,
                    account_tail="4321",
                    is_settled=False,
                ),
            )
        return tuple(
            LoanBrief(
                application_no=view.record.application_no,
                kind=view.record.kind,
                principal=view.record.principal,
                balance=view.record.balance,
                account_tail=view.record.account_tail,
                is_settled=view.is_settled,
            )
            for view in self.own_loans
        )

    async def loan_view(self, conversation_id: str, loan: LoanRef) -> LoanView:
        if not self.verified:
            raise NotVerified
        return next(view for view in self.own_loans if view.record.ref == loan)

    async def loan_on_record(self, conversation_id: str, loan: LoanRef | None = None) -> LoanOnRecord | None:
        return self.loan


@dataclass
class ScriptedDocuments:
    """A verified customer's applications and files, as the test says; remembers what was placed."""

    is_verified: bool = True
    files: list[SentFile] = field(default_factory=list)
    running: tuple[ApplicationDocuments, ...] = ()
    asked: list[tuple[str, ...]] = field(default_factory=list)

    async def waiting(self, conversation_id: str) -> tuple[SentFile, ...]:
        return tuple(self.files)

    async def applications(self, conversation_id: str) -> tuple[ApplicationDocuments, ...]:
        if not self.is_verified:
            raise NotVerified
        return self.running

    async def place(
        self, conversation_id: str, public_id: str, application_no: str, kind: DocumentKind
    ) -> Placed:
        self.asked.append(("place", public_id, application_no, kind.value))
        application = next(one for one in self.running if one.application_no == application_no)
        document = next(one for one in application.documents if one.kind is kind)
        if document.state is DocumentState.ACCEPTED:
            raise IllegalTransition(application_no, "accepted")
        return Placed(application, document)

    async def drop(self, conversation_id: str, public_id: str) -> None:
        self.asked.append(("drop", public_id))

    async def unplace(self, conversation_id: str, public_id: str) -> SentFile:
        self.asked.append(("unplace", public_id))
        return self.files[0]


NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@dataclass
class ScriptedRequests:
    """Gives out the draft or raises what the test says; keeps what was submitted."""

    is_known: bool = False
    draft: Draft | None = None
    refusal: Exception | None = None
    on_submit: Exception | None = None
    own: tuple[ServiceRequest, ...] = ()
    own_loans: tuple[LoanBrief, ...] = ()
    prepared: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    prepared_for: list[LoanRef | None] = field(default_factory=list)
    submitted: list[tuple[str, str]] = field(default_factory=list)  #: digest and key
    withdrawn: list[str] = field(default_factory=list)
    certificate_life: timedelta = timedelta(minutes=30)

    async def is_verified(self, conversation_id: str) -> bool:
        return self.is_known

    async def loans(self, conversation_id: str) -> tuple[LoanBrief, ...]:
        if not self.is_known:
            raise NotVerified
        return self.own_loans

    async def prepare(
        self, conversation_id: str, kind: RequestKind, wish: Mapping[str, Any], loan: LoanRef | None = None
    ) -> Draft:
        self.prepared.append((kind.value, dict(wish)))
        self.prepared_for.append(loan)
        if not self.is_known:
            raise NotVerified
        if self.refusal:
            raise self.refusal
        if self.draft is None:
            raise WishIncomplete("new_day")
        return self.draft

    async def submit(self, conversation_id: str, draft: Draft, key: str) -> ServiceRequest:
        if self.on_submit:
            raise self.on_submit
        self.submitted.append((draft.digest, key))
        return ServiceRequest(
            request_no="FW2611220001",
            kind=draft.kind,
            state=RequestState.SUBMITTED,
            application_no=draft.application_no,
            wish=draft.wish,
            figures=draft.figures,
            created_at=NOON,
            promised_at=draft.promised_at,
            ended_at=None,
        )

    async def withdraw(self, conversation_id: str, request_no: str) -> ServiceRequest:
        self.withdrawn.append(request_no)
        return self.own[0]

    async def of_customer(self, conversation_id: str) -> tuple[ServiceRequest, ...]:
        if not self.is_known:
            raise NotVerified
        return self.own


@dataclass
class ScriptedComplaints:
    """Registers everything, unless it is broken."""

    failure: Exception | None = None
    registered: list[tuple[str, str, str, bool]] = field(default_factory=list)  #: text, cause, key, urgent

    async def register(
        self, conversation_id: str, text: str, cause: ComplaintCause, key: str, *, is_urgent: bool = False
    ) -> Complaint:
        if self.failure:
            raise self.failure
        self.registered.append((text, cause.value, key, is_urgent))
        return Complaint(
            complaint_no="TS2611220001",
            cause=cause,
            created_at=NOON,
            contact_by=NOON + timedelta(hours=24),
            solution_by=NOON + timedelta(hours=48),
        )


class ScriptedCertificates:
    """An address for every certificate."""

    async def file(self, request_no: str, conversation_id: str, life: timedelta) -> File:
        return File(f"/certificates/{request_no}", "证明.pdf", 1000)


async def embed(texts: list[str]) -> list[list[float]]:
    """A vector by whether the text is about when something happens."""
    return [[1.0, 0.0] if "什么时候" in text else [0.0, 1.0] for text in texts]


@pytest.fixture
def documents() -> ScriptedDocuments:
    return ScriptedDocuments()


@pytest.fixture
def servicing() -> ScriptedServicing:
    return ScriptedServicing()


@pytest.fixture
def requests() -> ScriptedRequests:
    return ScriptedRequests()


@pytest.fixture
def complaints() -> ScriptedComplaints:
    return ScriptedComplaints()


@pytest.fixture(scope="session")
def policy() -> PolicyBook:
    return PolicyBook.load(KNOWLEDGE / "policy")


@pytest.fixture
def colleagues(
    tmp_path: Path,
    servicing: ScriptedServicing,
    documents: ScriptedDocuments,
    requests: ScriptedRequests,
    complaints: ScriptedComplaints,
    policy: PolicyBook,
    words: Phrases,
) -> Colleagues:
    for name, text in ANSWERS.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "_macros.jinja").write_text(
        "{% macro unverified() %}以合同为准{% endmacro %}", encoding="utf-8"
    )
    books = Books(
        policy,
        AnswerBook.load(tmp_path),
        words,
    )
    return Colleagues(
        clock=FixedClock(datetime(2026, 11, 22, 4, 0, tzinfo=UTC)),
        library=books,
        servicing=servicing,
        embed=embed,
        topics=Topics.load(ROOT / "data" / "nlu" / "topics.yml"),
        papers=PaperLinks("test secret", words),
        documents=documents,
        requests=requests,
        complaints=complaints,
        certificates=ScriptedCertificates(),
        markers=Markers.load(KNOWLEDGE / "requests.yml"),
        alarms=Alarms.load(KNOWLEDGE / "alarms.yml"),
    )
