"""Addresses of papers: a signed token carries the spec, so nothing is stored and nothing can be made up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from itsdangerous import BadSignature, URLSafeSerializer
from itsdangerous.encoding import base64_decode, base64_encode

from bot.lending import Loan
from bot.messages import Chart, File, Stages
from bot.papers.errors import PaperImpossible, UnknownPaper
from bot.papers.model import Paper
from bot.papers.ports import Words
from bot.papers.press import print_paper
from bot.papers.record import HistoryPaper, StagesPaper
from bot.papers.spec import (
    ChartPaper,
    Format,
    PlannedLoan,
    SchedulePaper,
    Spec,
    SummaryPaper,
    spec_from_wire,
    spec_to_wire,
)

SALT = "fangxin.papers"
PATH = "/papers/"
_SMALLEST = PlannedLoan(Loan(Decimal(1), Decimal(0), 1))
_SMALLEST_CHART = Chart("bars", "一", ("一",), {"一": ("1",)})


class PaperLinks:
    """Gives out addresses of papers and makes the paper of an address.

    ``base_url`` is put in front: empty for the web, where an address on our own site is right, and the public
    address of the service for platforms that fetch from outside.
    """

    def __init__(self, secret: str, words: Words, base_url: str = "", cache: Path | None = None) -> None:
        self._signer = URLSafeSerializer(secret, salt=SALT)
        self._words = words
        self._base_url = base_url.rstrip("/")
        self._cache = cache

    def schedule(
        self, loans: Sequence[PlannedLoan], format: Format, made_on: date, notes: Sequence[str] = ()
    ) -> File:
        """The schedule of ``loans`` as a file for the customer.

        It is made once here so that its size is true: call this in a thread.
        """
        spec = SchedulePaper(tuple(loans), format, made_on, tuple(notes))
        paper = print_paper(spec, self._words, self._cache)
        return File(self._url(spec), paper.name, len(paper.content))

    def summary(self, paper: SummaryPaper) -> File:
        """The summary of a conversation as a file for the customer; made once here like `schedule`."""
        made = print_paper(paper, self._words, self._cache)
        return File(self._url(paper), made.name, len(made.content))

    def chart(self, chart: Chart) -> str:
        """The address of the chart as a picture."""
        return self._url(ChartPaper(chart))

    def stages(self, stages: Stages) -> str:
        """The address of the stations as a picture."""
        return self._url(StagesPaper(stages))

    def history(self, paper: HistoryPaper) -> File:
        """The repayments as a file for the customer; made once here like `schedule`."""
        made = print_paper(paper, self._words, self._cache)
        return File(self._url(paper), made.name, len(made.content))

    def warm(self) -> None:
        """Make a schedule in every format and a picture once, so that the first customer does not wait for libraries
        to load."""
        for format in Format:
            print_paper(SchedulePaper((_SMALLEST,), format, date(2000, 1, 1)), self._words, self._cache)
        print_paper(ChartPaper(_SMALLEST_CHART), self._words)

    def paper(self, address: str) -> Paper:
        """The paper behind one of our addresses or tokens; ``UnknownPaper`` when it is not one of ours.

        Some tenths of a second of work: call this in a thread.
        """
        return print_paper(self.spec(address), self._words, self._cache)

    def spec(self, address: str) -> Spec:
        """What the paper behind an address is made from; ``UnknownPaper`` when it is not one of ours."""
        token = self._token(address)
        try:
            wire = self._signer.loads(token)
            signature = token.rpartition(".")[2]
            if base64_encode(base64_decode(signature)).decode() != signature:
                raise UnknownPaper  # its last character was changed where base64 ignores it
            return spec_from_wire(wire)
        except (BadSignature, PaperImpossible) as exc:
            raise UnknownPaper from exc

    def absolute(self, address: str) -> str:
        """One of our addresses as it is reached from outside; others stay as they are."""
        return f"{self._base_url}{address}" if address.startswith(PATH) else address

    def _url(self, spec: Spec) -> str:
        return f"{self._base_url}{PATH}{self._signer.dumps(spec_to_wire(spec))}"

    @staticmethod
    def _token(address: str) -> str:
        try:
            path = urlsplit(address).path
        except ValueError as exc:
            raise UnknownPaper from exc
        return path.rpartition(PATH)[2]
