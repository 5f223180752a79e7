"""Certificates: what is on them, and whom their address lets in."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from pypdf import PdfReader

from bot.clock import FixedClock
from bot.knowledge import Phrases
from bot.papers import Certificates, UnknownPaper
from bot.papers.certificates import certificate_document
from bot.papers.model import Facts, Paragraph, Table
from bot.servicing.requests import Certificate, RequestKind
from bot.servicing.requests.model import StatementLine

LIFE = timedelta(minutes=30)
SETTLED = Certificate(
    kind=RequestKind.SETTLEMENT_CERTIFICATE,
    number="FW2611240042",
    made_on=date(2026, 11, 24),
    name="王示安",
    id_masked="990***********1234",
    loan_no="L-1",
    principal=Decimal("1000000.00"),
    term_months=360,
    paid_out_on=date(2024, 1, 3),
    bank="安居示范银行",
    settled_on=date(2026, 10, 5),
)
STATEMENT = replace(
    SETTLED,
    kind=RequestKind.INTEREST_STATEMENT,
    settled_on=None,
    year=2026,
    lines=(
        StatementLine(date(2026, 10, 5), date(2026, 10, 5), Decimal("1846.45"), Decimal("3000.00")),
        StatementLine(date(2026, 11, 5), date(2026, 11, 6), Decimal("1851.99"), Decimal("2994.46")),
    ),
)


@dataclass
class OneRecord:
    """Holds one certificate, for one conversation."""

    paper: Certificate | None = SETTLED
    conversation: str = "chat-1"

    async def certificate(self, request_no: str, conversation_id: str) -> Certificate | None:
        if self.paper is None or (request_no, conversation_id) != (self.paper.number, self.conversation):
            return None
        return self.paper


@pytest.fixture
def record() -> OneRecord:
    return OneRecord()


@pytest.fixture
def noon() -> FixedClock:
    return FixedClock(datetime(2026, 11, 24, 4, 0, tzinfo=UTC))


@pytest.fixture
def certificates(record: OneRecord, noon: FixedClock, words: Phrases) -> Certificates:
    return Certificates("a secret", record, noon, words)


def token_of(url: str) -> str:
    return url.rpartition("/")[2]


async def test_the_file_says_what_it_must(certificates: Certificates) -> None:
    file = await certificates.file("FW2611240042", "chat-1", LIFE)
    paper = await certificates.paper(token_of(file.url))
    assert (paper.name, len(paper.content)) == ("贷款结清证明-FW2611240042.pdf", file.size)
    text = PdfReader(io.BytesIO(paper.content)).pages[0].extract_text().replace("\n", "")
    for part in (
        "贷款结清证明",
        "FW2611240042",
        "王示安",
        "990***********1234",
        "1,000,000.00",
        "2026年10月5日还清",
    ):
        assert part in text


async def test_the_address_tells_nothing_of_the_customer(certificates: Certificates) -> None:
    """It is signed, not sealed: so nothing personal is in it."""
    from itsdangerous.encoding import base64_decode

    file = await certificates.file("FW2611240042", "chat-1", LIFE)
    body = base64_decode(token_of(file.url).lstrip(".").partition(".")[0])
    assert b"FW2611240042" in body
    assert "王示安".encode() not in body
    assert b"1234" not in body


async def test_an_address_grows_old(certificates: Certificates, noon: FixedClock) -> None:
    file = await certificates.file("FW2611240042", "chat-1", LIFE)
    noon.advance(minutes=29)
    assert await certificates.paper(token_of(file.url))
    noon.advance(minutes=2)
    with pytest.raises(UnknownPaper):
        await certificates.paper(token_of(file.url))


async def test_another_conversation_or_another_number_opens_nothing(
    certificates: Certificates, record: OneRecord
) -> None:
    file = await certificates.file("FW2611240042", "chat-1", LIFE)
    with pytest.raises(UnknownPaper):
        await certificates.file("FW2611240042", "chat-2", LIFE)
    with pytest.raises(UnknownPaper):
        await certificates.file("FW2611240043", "chat-1", LIFE)
    record.paper = None  # the conversation is verified no longer
    with pytest.raises(UnknownPaper):
        await certificates.paper(token_of(file.url))


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"), lambda t: "x" + t, lambda t: ""]
)
async def test_a_changed_token_opens_nothing(certificates: Certificates, change) -> None:
    token = token_of((await certificates.file("FW2611240042", "chat-1", LIFE)).url)
    with pytest.raises(UnknownPaper):
        await certificates.paper(change(token))


async def test_a_token_of_other_papers_opens_nothing(
    certificates: Certificates, links, words: Phrases
) -> None:
    from bot.papers import Format
    from tests.papers.conftest import TODAY, UNDATED

    with pytest.raises(UnknownPaper):
        await certificates.paper(token_of(links.schedule([UNDATED], Format.PDF, TODAY).url))


def test_a_statement_adds_up_its_lines(words: Phrases) -> None:
    document = certificate_document(STATEMENT, words)
    [table] = [block for block in document.blocks if isinstance(block, Table)]
    assert table.totals[2:] == (Decimal("3698.44"), Decimal("5994.46"), Decimal("9692.90"))
    assert table.lines[1][:2] == (date(2026, 11, 5), date(2026, 11, 6))
    said = "".join(block.text for block in document.blocks if isinstance(block, Paragraph))
    assert "2026年共还款2次，其中支付利息5,994.46元，归还本金3,698.44元" in said
    [facts] = [block for block in document.blocks if isinstance(block, Facts)]
    assert ("证件号码", "990***********1234") in [(fact.label, fact.value) for fact in facts.facts]


def test_a_settlement_without_its_day_certifies_as_of_today(words: Phrases) -> None:
    document = certificate_document(replace(SETTLED, settled_on=None, paid_out_on=None), words)
    said = "".join(block.text for block in document.blocks if isinstance(block, Paragraph))
    assert "截至2026年11月24日已还清全部本金和利息" in said


async def test_over_http_a_stranger_s_token_is_a_404(live) -> None:
    answer = await live.http.get("/certificates/not-ours")
    assert answer.status_code == 404
    assert "链接已经失效" in answer.text
