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
    product: Product
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
