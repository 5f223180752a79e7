"""Colleagues for actions: the real policy facts and phrases, a small answer book, and a scripted servicing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from actions.colleagues import Colleagues
from actions.topics import Topics
from bot.clock import FixedClock
from bot.knowledge.answers import AnswerBook
from bot.knowledge.phrases import Phrases
from bot.knowledge.policy import PolicyBook
from bot.papers import PaperLinks
from bot.servicing.errors import NotVerified
from bot.servicing.model import LoanOnRecord, Progress
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
    refuse_digits: Exception | None = None
    refuse_code: Exception | None = None
    asked: list[tuple[str, ...]] = field(default_factory=list)

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
        self.verified.add(application_no)

    async def is_verified(self, conversation_id: str, application_no: str) -> bool:
        return application_no in self.verified

    async def progress(self, conversation_id: str, application_no: str) -> Progress:
        if application_no not in self.verified or self.told is None:
            raise NotVerified
        return self.told

    async def loan_on_record(self, conversation_id: str) -> LoanOnRecord | None:
        return self.loan


async def embed(texts: list[str]) -> list[list[float]]:
    """A vector by whether the text is about when something happens."""
    return [[1.0, 0.0] if "什么时候" in text else [0.0, 1.0] for text in texts]


@pytest.fixture
def servicing() -> ScriptedServicing:
    return ScriptedServicing()


@pytest.fixture(scope="session")
def policy() -> PolicyBook:
    return PolicyBook.load(KNOWLEDGE / "policy")


@pytest.fixture
def colleagues(
    tmp_path: Path, servicing: ScriptedServicing, policy: PolicyBook, words: Phrases
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
    )
