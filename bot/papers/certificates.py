"""Certificates of the bank's record: settlement, and the interest of a year.

Their address carries no personal data: it names the request and the conversation, signed and for a limited time.
What stands on the paper is fetched from the record when it is opened, for that conversation alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from itsdangerous import BadSignature, URLSafeSerializer
from itsdangerous.encoding import base64_decode, base64_encode

from bot.clock import Clock
from bot.messages import File
from bot.papers.document_pdf import document_pdf
from bot.papers.errors import UnknownPaper
from bot.papers.model import Block, Column, Document, Fact, Facts, Form, Heading, Paper, Paragraph, Table
from bot.papers.ports import Words

SALT = "fangxin.certificates"
PATH = "/certificates/"
PDF = "application/pdf"
SETTLEMENT, INTEREST = "settlement_certificate", "interest_statement"


class Line(Protocol):
    """An instalment that was paid."""

    @property
    def due_on(self) -> date: ...
    @property
    def paid_on(self) -> date: ...
    @property
    def principal(self) -> Decimal: ...
    @property
    def interest(self) -> Decimal: ...


class CertificateFacts(Protocol):
    """What is printed; servicing's `Certificate` is one."""

    @property
    def kind(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def made_on(self) -> date: ...
    @property
    def name(self) -> str: ...
    @property
    def id_masked(self) -> str: ...
    @property
    def loan_no(self) -> str: ...
    @property
    def principal(self) -> Decimal: ...
    @property
    def term_months(self) -> int: ...
    @property
    def paid_out_on(self) -> date | None: ...
    @property
    def bank(self) -> str: ...
    @property
    def settled_on(self) -> date | None: ...
    @property
    def year(self) -> int | None: ...
    @property
    def lines(self) -> Sequence[Line]: ...


class Record(Protocol):
    """Where the facts of a certificate are found; None for anybody but the conversation that asked for it."""

    async def certificate(self, request_no: str, conversation_id: str) -> CertificateFacts | None: ...


class Certificates:
    """Gives out addresses of certificates and opens them."""

    def __init__(self, secret: str, record: Record, clock: Clock, words: Words, base_url: str = "") -> None:
        self._signer = URLSafeSerializer(secret, salt=SALT)
        self._record = record
        self._clock = clock
        self._words = words
        self._base_url = base_url.rstrip("/")

    async def file(self, request_no: str, conversation_id: str, life: timedelta) -> File:
        """The certificate as a file for the customer of this conversation, to be opened within ``life``."""
        until = int((self._clock.now() + life).timestamp())
        token = self._signer.dumps([request_no, conversation_id, until])
        paper = await self.paper(token)
        return File(f"{self._base_url}{PATH}{token}", paper.name, len(paper.content))

    async def paper(self, token: str) -> Paper:
        """The certificate of a token; ``UnknownPaper`` when it is not ours, too old, or no longer to be opened."""
        try:
            request_no, conversation_id, until = self._signer.loads(token)
        except (BadSignature, ValueError, TypeError) as exc:
            raise UnknownPaper from exc
        signature = token.rpartition(".")[2]
        if base64_encode(base64_decode(signature)).decode() != signature:
            raise UnknownPaper  # its last character was changed where base64 ignores it
        if self._clock.now().timestamp() > until:
            raise UnknownPaper
        facts = await self._record.certificate(str(request_no), str(conversation_id))
        if facts is None:
            raise UnknownPaper
        document = certificate_document(facts, self._words)
        content = await asyncio.to_thread(document_pdf, document, self._words)
        return Paper(content, PDF, f"{document.title}-{facts.number}.pdf", "certificate")


def certificate_document(facts: CertificateFacts, words: Words) -> Document:
    """To whom, of which loan, what is certified, who says so and when."""

    def say(key: str, **values: object) -> str:
        return words.say(f"papers.certificate.{key}", **values)

    loan = [
        Fact(say("number"), facts.number),
        Fact(say("loan_no"), facts.loan_no),
        Fact(say("name"), facts.name),
        Fact(say("id_number"), facts.id_masked),
        Fact(say("principal"), facts.principal, Form.MONEY),
        Fact(say("term"), say("months", n=facts.term_months)),
    ]
    if facts.paid_out_on:
        loan.append(Fact(say("paid_out_on"), facts.paid_out_on))
    blocks: list[Block] = [Facts(tuple(loan)), Heading(say("says"))]
    if facts.kind == SETTLEMENT:
        blocks.append(
            Paragraph(
                say(
                    "settled",
                    name=facts.name,
                    loan_no=facts.loan_no,
                    principal=facts.principal,
                    settled_on=facts.settled_on,
                    made_on=facts.made_on,
                )
            )
        )
    else:
        interest = sum((line.interest for line in facts.lines), Decimal(0))
        principal = sum((line.principal for line in facts.lines), Decimal(0))
        blocks.append(
            Paragraph(
                say(
                    "interest",
                    name=facts.name,
                    loan_no=facts.loan_no,
                    year=facts.year,
                    times=len(facts.lines),
                    interest=interest,
                    principal=principal,
                )
            )
        )
        blocks.append(_table(facts.lines, principal, interest, words))
    blocks += [Paragraph(f"{facts.bank}\n{words.say('papers.made_on', on=facts.made_on)}")]
    blocks += [
        Paragraph(say(f"note.{facts.kind}"), is_small=True),
        Paragraph(say("note.check"), is_small=True),
    ]
    return Document(say(f"title.{facts.kind}"), tuple(blocks), facts.made_on, facts.bank)


def _table(lines: Sequence[Line], principal: Decimal, interest: Decimal, words: Words) -> Table:
    titles = ("due_date", "paid_on", "principal", "interest", "payment")
    forms = (Form.DATE, Form.DATE, Form.MONEY, Form.MONEY, Form.MONEY)
    return Table(
        tuple(
            Column(words.say(f"papers.column.{title}"), form)
            for title, form in zip(titles, forms, strict=True)
        ),
        tuple(
            (line.due_on, line.paid_on, line.principal, line.interest, line.principal + line.interest)
            for line in lines
        ),
        (words.say("papers.column.total"), None, principal, interest, principal + interest),
    )
