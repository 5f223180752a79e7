"""Applications as plain values: their stages, the steps that are allowed, and what a customer is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Product(StrEnum):
    COMMERCIAL = "commercial"
    PROVIDENT_FUND = "provident_fund"
    COMBINED = "combined"


class Stage(StrEnum):
    """The stations of an application, in order."""

    DOCUMENT_CHECK = "document_check"
    CREDIT_ENQUIRY = "credit_enquiry"
    VALUATION = "valuation"
    APPROVAL = "approval"
    NOTICE = "notice"
    CONTRACT = "contract"
    MORTGAGE_REGISTRATION = "mortgage_registration"
    DISBURSEMENT = "disbursement"

    @property
    def next(self) -> Stage | None:
        """The station after this one; none after disbursement."""
        position = STAGES.index(self)
        return STAGES[position + 1] if position + 1 < len(STAGES) else None


STAGES = tuple(Stage)

#: Up to the notice the bank decides; from the contract on both sides carry the decision out.
DECIDING = STAGES[: STAGES.index(Stage.NOTICE) + 1]
#: Where the bank may still say no.
REFUSABLE = STAGES[: STAGES.index(Stage.APPROVAL) + 1]


class Outcome(StrEnum):
    """How a stage ended."""

    PASSED = "passed"
    REJECTED = "rejected"  #: the bank said no
    WITHDRAWN = "withdrawn"  #: the customer changed their mind


class ApplicationState(StrEnum):
    IN_PROGRESS = "in_progress"
    DISBURSED = "disbursed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Refusal(StrEnum):
    """Why the bank said no, where it lets the customer know."""

    INCOME_TOO_LOW = "income_too_low"
    DEBTS_TOO_HIGH = "debts_too_high"
    CREDIT_RECORD = "credit_record"
    PROPERTY = "property"  #: the house cannot serve as security, or is worth less
    AGE_OR_TERM = "age_or_term"
    DOCUMENTS = "documents"  #: incomplete, or not confirmed
    OTHER = "other"


class DocumentKind(StrEnum):
    """The documents that an application may need, named as the guidance on documents names them."""

    IDENTITY = "identity"
    HOUSEHOLD_BOOK = "household_book"
    MARRIAGE = "marriage"  #: certificate of marriage or divorce, or a declaration of being single
    STATEMENT = "statement"  #: bank statements that show the income
    PROOF = "proof"  #: the employer's proof of income
    BUSINESS = "business"  #: licence, tax papers and lease of somebody self-employed
    PURCHASE = "purchase"  #: purchase contract and receipt of the down payment
    VALUATION = "valuation"  #: title deed and valuation report of a second-hand house


class DocumentState(StrEnum):
    MISSING = "missing"
    RECEIVED = "received"  #: it is there, nobody has looked at it yet
    ACCEPTED = "accepted"
    REFUSED = "refused"  #: it will not do; another one is needed


class LoanState(StrEnum):
    RUNNING = "running"
    SETTLED = "settled"


class LoanKind(StrEnum):
    """Whose money a loan is: a combined loan consists of one of each."""

    COMMERCIAL = "commercial"
    PROVIDENT_FUND = "provident_fund"

    @classmethod
    def of(cls, told: str, product: str) -> LoanKind:
        """The kind by what the core told and the application's product: the fund's application has no other part."""
        return cls.PROVIDENT_FUND if product == Product.PROVIDENT_FUND else cls(told)


class RateKind(StrEnum):
    FLOATING = "floating"
    FIXED = "fixed"


class RepaymentKind(StrEnum):
    INSTALMENT = "instalment"
    PREPAYMENT = "prepayment"
    SETTLEMENT = "settlement"


@dataclass(frozen=True)
class Position:
    """Where an application stands: its state, and the stage it is in or ended in."""

    state: ApplicationState
    stage: Stage

    def after(self, stage: Stage, outcome: Outcome) -> Position:
        """The position after a stage ended; ``ValueError`` says why that cannot be."""
        if self.state is not ApplicationState.IN_PROGRESS:
            raise ValueError(f"the application has ended ({self.state.value})")
        if stage is not self.stage:
            raise ValueError(f"the application is at {self.stage.value}, not at {stage.value}")
        match outcome:
            case Outcome.PASSED:
                following = stage.next
                if following is None:
                    return replace(self, state=ApplicationState.DISBURSED)
                return replace(self, stage=following)
            case Outcome.REJECTED:
                if stage not in REFUSABLE:
                    raise ValueError(f"an application cannot be rejected at {stage.value}")
                return replace(self, state=ApplicationState.REJECTED)
            case Outcome.WITHDRAWN:
                return replace(self, state=ApplicationState.WITHDRAWN)


START = Position(ApplicationState.IN_PROGRESS, Stage.DOCUMENT_CHECK)


class StageState(StrEnum):
    """How a station looks on the customer's picture (the words of ``bot.messages.reply.Stage``)."""

    DONE = "done"
    CURRENT = "current"
    AHEAD = "ahead"
    STOPPED = "stopped"


@dataclass(frozen=True)
class DateRange:
    """The earliest and the latest day on which something is expected."""

    earliest: date
    latest: date


@dataclass(frozen=True, kw_only=True)
class StageProgress:
    """One station: done on a day, current since a day, stopped on a day, or still ahead."""

    stage: Stage
    state: StageState
    on: date | None  #: done: the day it passed; current: since when; stopped: the day it ended; ahead: None
    expected: DateRange | None = (
        None  #: current and ahead: when it is expected to be done, where that is known
    )


class Party(StrEnum):
    """Who has to act for an application to go on."""

    CUSTOMER = "customer"
    BANK = "bank"


class Lack(StrEnum):
    """Why a document is still wanted."""

    MISSING = "missing"
    REFUSED = "refused"
    EXPIRED = "expired"  #: it was taken, and has run out since


@dataclass(frozen=True)
class WantedDocument:
    """A document that the customer still has to bring."""

    kind: DocumentKind
    lack: Lack
    reason: str | None = None  #: why it was refused, in the bank's words
    expired_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ApplicationBrief:
    """One of a customer's applications, in a line."""

    application_no: str
    product: Product
    state: ApplicationState
    stage: Stage
    submitted_on: date


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Everything a customer is told about an application."""

    application_no: str
    product: Product
    state: ApplicationState
    submitted_on: date
    as_of: date  #: the day for which it was worked out
    stages: tuple[StageProgress, ...]
    current: Stage | None  #: None when the application has ended
    since: date | None  #: since when it is at `current`
    next: Stage | None
    ended_on: date | None  #: the day it was paid out, rejected or withdrawn
    step_expected: DateRange | None  #: when the current stage is expected to be done
    decision_expected: DateRange | None  #: when the bank's decision is expected; None once it is made
    disbursement_expected: DateRange | None
    is_late: bool  #: the current stage (or the decision) already takes longer than usual
    beyond_known_years: bool  #: an expected day lies in a year whose holidays are not published
    wanted: tuple[WantedDocument, ...] = ()
    waits_for: Party | None = None  #: who has to act; None when the application has ended
    refusal: Refusal | None = None  #: why it was rejected, where the bank says so
    is_measured: bool = False  #: an expected day rests on what other applications lately took
    is_followed: bool = False  #: this conversation hears of changes
    others: tuple[ApplicationBrief, ...] = ()  #: the customer's further applications, newest first

    @property
    def _next_expected(self) -> DateRange | None:
        return self.step_expected or self.decision_expected

    @property
    def expected_from(self) -> date | None:
        """The earliest day of the next news: the end of the current stage, else the decision."""
        return self._next_expected.earliest if self._next_expected else None

    @property
    def expected_to(self) -> date | None:
        """The latest day of the next news."""
        return self._next_expected.latest if self._next_expected else None


@dataclass(frozen=True)
class StageEnd:
    """A stage that ended: the events from which progress is told."""

    stage: Stage
    outcome: Outcome
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LoanOnRecord:
    """A loan that runs, as it stands today by its plan."""

    application_no: str
    kind: LoanKind
    principal: Decimal
    balance: Decimal
    annual_rate: Decimal  #: a fraction
    term_months: int
    paid_months: int  #: instalments that have fallen due
    method: str  #: equal_instalment or equal_principal
    repayment_day: int
    spread_bp: int | None  #: over the LPR; None when the rate does not float over it

    @property
    def remaining_months(self) -> int:
        return self.term_months - self.paid_months


def instalments_due(first_due: date, repayment_day: int, today: date) -> int:
    """How many instalments have fallen due by the end of ``today``."""
    months = (today.year - first_due.year) * 12 + today.month - first_due.month
    return max(0, months + (today.day >= repayment_day))


ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECK_DIGITS = "10X98765432"


def id_check_digit(body: str) -> str:
    """The eighteenth character of an ID number: weighted sum of the others, modulo 11.

    >>> id_check_digit("11010519491231002")
    'X'
    """
    total = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True))
    return ID_CHECK_DIGITS[total % 11]
