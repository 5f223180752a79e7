"""What a customer is told about an application: where it stands and when news is expected."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.knowledge import PolicyBook
from bot.servicing import ApplicationState, DateRange, Progress, Servicing, Stage, StageState, WorkingCalendar
from bot.servicing.model import STAGES, DocumentKind, Lack, Outcome, Party, Product, StageEnd, WantedDocument
from bot.servicing.progress import Case, Durations, WorkingDays, progress_of
from tests.servicing.conftest import CHAT, KNOWN, LAST4, NO, RememberedCodes

SUBMITTED = datetime(2026, 11, 2, 2, tzinfo=UTC)  # Monday, ten o'clock in China


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def progress(
    policy: PolicyBook,
    today: date,
    *days: date,
    product: Product = Product.COMMERCIAL,
    state: ApplicationState = ApplicationState.IN_PROGRESS,
    last: Outcome = Outcome.PASSED,
    submitted: datetime = SUBMITTED,
) -> Progress:
    """The progress of an application whose first stages ended on the given days."""
    outcomes = [Outcome.PASSED] * (len(days) - 1) + [last]
    ends = tuple(
        StageEnd(stage, outcome, noon(day))
        for stage, outcome, day in zip(STAGES, outcomes, days, strict=False)
    )
    is_open = state is ApplicationState.IN_PROGRESS
    stage = STAGES[len(days)] if is_open else STAGES[len(days) - 1]
    case = Case("FX2026119999", product, state, stage, submitted, ends)
    calendar = WorkingCalendar.from_policy(policy, today)
    return progress_of(case, Durations.of(policy, today), calendar, today)


def test_a_commercial_loan_is_expected_stage_by_stage(policy: PolicyBook) -> None:
    """Approval since Friday 20 November: 3–7 working days, then 1 for the notice, 1–3, 3–5 and 1–3."""
    told = progress(policy, date(2026, 11, 24), date(2026, 11, 4), date(2026, 11, 5), date(2026, 11, 20))
    assert (told.current, told.since, told.next) == (Stage.APPROVAL, date(2026, 11, 20), Stage.NOTICE)
    assert told.step_expected == DateRange(date(2026, 11, 25), date(2026, 12, 1))
    assert (told.expected_from, told.expected_to) == (date(2026, 11, 25), date(2026, 12, 1))
    assert told.decision_expected == DateRange(date(2026, 11, 26), date(2026, 12, 2))
    assert told.disbursement_expected == DateRange(date(2026, 12, 3), date(2026, 12, 17))
    assert not told.is_late
    assert not told.beyond_known_years


def test_stages_show_what_is_done_current_and_ahead(policy: PolicyBook) -> None:
    told = progress(policy, date(2026, 11, 6), date(2026, 11, 4), date(2026, 11, 5))
    states = [stage.state for stage in told.stages]
    assert states == [StageState.DONE] * 2 + [StageState.CURRENT] + [StageState.AHEAD] * 5
    assert [stage.on for stage in told.stages[:3]] == [
        date(2026, 11, 4),
        date(2026, 11, 5),
        date(2026, 11, 5),
    ]
    assert all(stage.expected for stage in told.stages[2:])
    assert told.stages[0].expected is None


def test_the_earliest_day_is_never_in_the_past(policy: PolicyBook) -> None:
    """Six of 3–7 working days are over: earliest today."""
    told = progress(policy, date(2026, 11, 30), date(2026, 11, 4), date(2026, 11, 5), date(2026, 11, 20))
    assert told.step_expected == DateRange(date(2026, 11, 30), date(2026, 12, 1))


def test_a_stage_that_takes_too_long_is_late_and_promises_nothing(policy: PolicyBook) -> None:
    told = progress(policy, date(2026, 12, 2), date(2026, 11, 4), date(2026, 11, 5), date(2026, 11, 20))
    assert told.is_late
    assert (told.step_expected, told.decision_expected, told.disbursement_expected) == (None, None, None)
    assert told.expected_from is None


@pytest.mark.parametrize("product", [Product.PROVIDENT_FUND, Product.COMBINED])
def test_where_a_fund_decides_only_the_whole_time_is_told(policy: PolicyBook, product: Product) -> None:
    """Submitted on Monday 2 November, 15–20 working days."""
    told = progress(policy, date(2026, 11, 6), date(2026, 11, 4), product=product)
    assert told.step_expected is None
    assert told.decision_expected == DateRange(date(2026, 11, 23), date(2026, 11, 30))
    assert (told.expected_from, told.expected_to) == (date(2026, 11, 23), date(2026, 11, 30))
    assert told.disbursement_expected == DateRange(date(2026, 11, 30), date(2026, 12, 15))


def test_after_the_decision_there_is_none_to_expect(policy: PolicyBook) -> None:
    days = [date(2026, 11, day) for day in (4, 5, 11, 18, 19)]
    told = progress(policy, date(2026, 11, 20), *days)
    assert told.current is Stage.CONTRACT
    assert told.decision_expected is None
    assert told.step_expected == DateRange(date(2026, 11, 20), date(2026, 11, 24))


def test_days_in_an_unpublished_year_are_said_to_be_uncertain(policy: PolicyBook) -> None:
    submitted = datetime(2026, 12, 21, 2, tzinfo=UTC)
    told = progress(policy, date(2026, 12, 22), submitted=submitted, product=Product.PROVIDENT_FUND)
    assert told.beyond_known_years
    assert told.decision_expected == DateRange(date(2027, 1, 12), date(2027, 1, 19))


@pytest.mark.parametrize(
    ("state", "last"),
    [
        (ApplicationState.REJECTED, Outcome.REJECTED),
        (ApplicationState.WITHDRAWN, Outcome.WITHDRAWN),
    ],
)
def test_an_ended_application_shows_where_it_stopped(
    policy: PolicyBook, state: ApplicationState, last: Outcome
) -> None:
    told = progress(
        policy,
        date(2026, 11, 24),
        date(2026, 11, 4),
        date(2026, 11, 5),
        date(2026, 11, 11),
        state=state,
        last=last,
    )
    assert [stage.state for stage in told.stages[1:4]] == [
        StageState.DONE,
        StageState.STOPPED,
        StageState.AHEAD,
    ]
    assert (told.current, told.next, told.ended_on) == (None, None, date(2026, 11, 11))
    assert told.disbursement_expected is None
    assert not told.is_late


def test_a_day_is_a_day_in_china(policy: PolicyBook) -> None:
    """17:00 UTC on the first is one o'clock on the second in China."""
    told = progress(policy, date(2026, 11, 3), submitted=SUBMITTED - timedelta(hours=9))
    assert told.submitted_on == date(2026, 11, 2)


def case(stage: Stage, *days: date, product: Product = Product.COMMERCIAL, wanted: bool = False) -> Case:
    """An application that is in a stage since the last of these days."""
    ends = tuple(
        StageEnd(passed, Outcome.PASSED, noon(day)) for passed, day in zip(STAGES, days, strict=False)
    )
    documents = (WantedDocument(DocumentKind.STATEMENT, Lack.MISSING),) if wanted else ()
    return Case("FX2026119999", product, ApplicationState.IN_PROGRESS, stage, SUBMITTED, ends, documents)


def test_while_documents_are_wanted_the_stage_is_counted_from_today(policy: PolicyBook) -> None:
    """Submitted on the second, and never late: of 1-2 working days from Tuesday the 24th on."""
    today = date(2026, 11, 24)
    calendar, usual = WorkingCalendar.from_policy(policy, today), Durations.of(policy, today)
    told = progress_of(case(Stage.DOCUMENT_CHECK, wanted=True), usual, calendar, today)
    assert told.step_expected == DateRange(date(2026, 11, 25), date(2026, 11, 26))
    assert (told.waits_for, told.is_late) == (Party.CUSTOMER, False)
    told = progress_of(case(Stage.DOCUMENT_CHECK), usual, calendar, today)
    assert (told.waits_for, told.is_late) == (Party.BANK, True)


def test_measured_days_are_used_and_said(policy: PolicyBook) -> None:
    """Approval since Friday the 20th, lately 2-3 working days instead of 3-7."""
    today = date(2026, 11, 24)
    calendar = WorkingCalendar.from_policy(policy, today)
    usual = Durations.of(policy, today)
    lately = replace(
        usual,
        stages={**usual.stages, Stage.APPROVAL: WorkingDays(2, 3)},
        measured=frozenset({Stage.APPROVAL}),
    )
    days = [date(2026, 11, day) for day in (4, 5, 20)]
    told = progress_of(case(Stage.APPROVAL, *days), lately, calendar, today)
    assert told.step_expected == DateRange(date(2026, 11, 24), date(2026, 11, 25))
    assert told.is_measured
    assert not progress_of(case(Stage.APPROVAL, *days), usual, calendar, today).is_measured
    fund = case(Stage.APPROVAL, *days, product=Product.PROVIDENT_FUND)
    assert not progress_of(fund, lately, calendar, today).is_measured  # only its whole time is told
    whole = replace(lately, is_decision_measured=True)
    assert progress_of(fund, whole, calendar, today).is_measured


async def test_the_first_demonstration_application_is_in_approval(
    servicing: Servicing, codes: RememberedCodes
) -> None:
    await servicing.begin_verification(CHAT, NO, LAST4, "t1")
    await servicing.confirm_code(CHAT, NO, codes.last, "t2")
    told = await servicing.progress(CHAT, NO)
    assert (told.product, told.current, told.is_late) == (Product.COMMERCIAL, Stage.APPROVAL, False)
    assert told.step_expected is not None
    assert told.as_of <= told.step_expected.earliest <= told.step_expected.latest


@pytest.mark.parametrize("known", KNOWN.values(), ids=KNOWN)
async def test_every_named_demonstration_application_is_as_said(
    servicing: Servicing, codes: RememberedCodes, known: object
) -> None:
    from bot.servicing.demo import DemoApplication

    assert isinstance(known, DemoApplication)
    await servicing.begin_verification(CHAT, known.application_no, known.id_last4, "t1")
    await servicing.confirm_code(CHAT, known.application_no, codes.last, "t2")
    told = await servicing.progress(CHAT, known.application_no)
    assert (told.product, told.state, told.is_late) == (known.product, known.state, known.is_late)
    if known.state is ApplicationState.IN_PROGRESS:
        assert told.current is known.stage
