"""From an application's past to what its customer is told: where it stands, and when news is expected."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.clock import CHINA
from bot.servicing.calendar import WorkingCalendar
from bot.servicing.model import (
    DECIDING,
    STAGES,
    ApplicationState,
    DateRange,
    Outcome,
    Party,
    Product,
    Progress,
    Refusal,
    Stage,
    StageEnd,
    StageProgress,
    StageState,
    WantedDocument,
)
from bot.servicing.ports import Policy


@dataclass(frozen=True)
class WorkingDays:
    """How many working days something takes, at least and at most."""

    low: int
    high: int

    def __add__(self, other: WorkingDays) -> WorkingDays:
        return WorkingDays(self.low + other.low, self.high + other.high)


@dataclass(frozen=True)
class Durations:
    """How long each stage takes, as the policy facts of a day say."""

    stages: dict[Stage, WorkingDays]
    fund_decision: WorkingDays  #: from submission to notice, when a provident fund decides too
    measured: frozenset[Stage] = frozenset()  #: stages whose days are those that other applications took
    is_decision_measured: bool = False  #: the whole decision's are

    @classmethod
    def of(cls, policy: Policy, on: date) -> Durations:
        def days(key: str) -> WorkingDays:
            fact = policy.fact(key, on)
            return WorkingDays(int(fact.low), int(fact.high))

        return cls(
            stages={stage: days(f"approval.{stage.value}") for stage in STAGES},
            fund_decision=days("approval.total_provident_fund"),
        )


@dataclass(frozen=True)
class Case:
    """What is known of one application."""

    application_no: str
    product: Product
    state: ApplicationState
    stage: Stage
    submitted_at: datetime
    ends: Sequence[StageEnd]
    wanted: tuple[WantedDocument, ...] = ()
    refusal: Refusal | None = None


def progress_of(
    case: Case,
    durations: Durations,
    calendar: WorkingCalendar,
    today: date,
    customer_acts_at: Container[Stage] = (),
) -> Progress:
    """Where the application stands today.

    A commercial loan's days follow stage by stage. Where a provident fund decides too, only the whole time to
    the decision is known. Once that time is over nothing is promised: ``is_late`` is set and no date given.
    """
    ended_on = {end.stage: _day(end.at) for end in case.ends}
    is_open = case.state is ApplicationState.IN_PROGRESS
    submitted_on = _day(case.submitted_at)
    since = _since(case, ended_on, submitted_on)
    expected = _expected(case, durations, calendar, since, submitted_on, today) if is_open else {}
    deciding_by_whole = is_open and case.product is not Product.COMMERCIAL and case.stage in DECIDING
    return Progress(
        application_no=case.application_no,
        product=case.product,
        state=case.state,
        submitted_on=submitted_on,
        as_of=today,
        stages=tuple(
            StageProgress(
                stage=stage,
                state=(state := _stage_state(case, stage)),
                on=since if state is StageState.CURRENT else ended_on.get(stage),
                expected=expected.get(stage),
            )
            for stage in STAGES
        ),
        current=case.stage if is_open else None,
        since=since if is_open else None,
        next=case.stage.next if is_open else None,
        ended_on=None if is_open else ended_on.get(case.stage, submitted_on),
        step_expected=None if deciding_by_whole else expected.get(case.stage),
        decision_expected=expected.get(Stage.NOTICE) if is_open and case.stage in DECIDING else None,
        disbursement_expected=expected.get(Stage.DISBURSEMENT),
        is_late=is_open and not expected,
        beyond_known_years=any(not calendar.knows(span.latest) for span in expected.values()),
        wanted=case.wanted if is_open else (),
        waits_for=_waits_for(case, customer_acts_at) if is_open else None,
        refusal=case.refusal if case.state is ApplicationState.REJECTED else None,
        is_measured=_is_measured(expected, durations, by_whole=deciding_by_whole),
    )


def _waits_for(case: Case, customer_acts_at: Container[Stage]) -> Party:
    """The customer where documents are wanted or the stage is theirs, else the bank."""
    return Party.CUSTOMER if case.wanted or case.stage in customer_acts_at else Party.BANK


def _is_measured(expected: Collection[Stage], durations: Durations, *, by_whole: bool) -> bool:
    """Whether a day that is told rests on what other applications took."""
    stages = set(expected) - ({Stage.NOTICE} if by_whole else set())
    return bool(stages & durations.measured) or (
        by_whole and bool(expected) and durations.is_decision_measured
    )


def _stage_state(case: Case, stage: Stage) -> StageState:
    here, there = STAGES.index(case.stage), STAGES.index(stage)
    if there != here:
        return StageState.DONE if there < here else StageState.AHEAD
    match case.state:
        case ApplicationState.IN_PROGRESS:
            return StageState.CURRENT
        case ApplicationState.DISBURSED:
            return StageState.DONE
        case ApplicationState.REJECTED | ApplicationState.WITHDRAWN:
            return StageState.STOPPED


def _since(case: Case, ended_on: dict[Stage, date], submitted_on: date) -> date:
    """The day on which the application came to its stage."""
    position = STAGES.index(case.stage)
    return ended_on.get(STAGES[position - 1], submitted_on) if position else submitted_on


def _expected(
    case: Case,
    durations: Durations,
    calendar: WorkingCalendar,
    since: date,
    submitted_on: date,
    today: date,
) -> dict[Stage, DateRange]:
    """When each stage from the current one on is expected to be done; empty when it is late already.

    While documents are wanted the current stage is counted from today, as if they came now.
    """
    by_whole = case.product is not Product.COMMERCIAL and case.stage in DECIDING
    first = Stage.NOTICE if by_whole else case.stage
    start, days = (
        (submitted_on, durations.fund_decision)
        if by_whole
        else (today if case.wanted else since, durations.stages[case.stage])
    )
    latest = calendar.add(start, days.high).day
    if latest < today:
        return {}
    earliest = max(calendar.add(start, days.low).day, calendar.add(today, 0).day)
    span = DateRange(min(earliest, latest), latest)
    expected = {first: span}
    for stage in _later(first):
        step = durations.stages[stage]
        span = DateRange(calendar.add(span.earliest, step.low).day, calendar.add(span.latest, step.high).day)
        expected[stage] = span
    return expected


def _later(stage: Stage) -> Iterable[Stage]:
    return STAGES[STAGES.index(stage) + 1 :]


def _day(at: datetime) -> date:
    return at.astimezone(CHINA).date()


def stage_ends(rows: Iterable[tuple[str, str, datetime]]) -> tuple[StageEnd, ...]:
    """Stored events as values, oldest first."""
    return tuple(
        sorted(
            (StageEnd(Stage(stage), Outcome(outcome), at) for stage, outcome, at in rows), key=lambda e: e.at
        )
    )
