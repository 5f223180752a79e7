"""Durations as they really were in the last ninety days, where there are enough cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.clock import CHINA, FixedClock, china_date
from bot.knowledge import PolicyBook
from bot.servicing import WorkingCalendar
from bot.servicing.measured import Measurement, Rules, corrected, passed_since, taken
from bot.servicing.model import STAGES, Outcome, Product, Stage
from bot.servicing.progress import Durations, WorkingDays
from bot.servicing.store import ApplicationRow, CustomerRow, StageEventRow
from bot.store.engine import Sessions

MONDAY = date(2026, 10, 19)


@pytest.fixture
def calendar(policy: PolicyBook) -> WorkingCalendar:
    return WorkingCalendar.from_policy(policy, date(2026, 11, 24))


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=CHINA)


def rules(enough: int, low: str = "0.1", high: str = "0.9") -> Rules:
    return Rules(timedelta(days=90), enough, Decimal(low), Decimal(high))


async def put(
    sessions: Sessions,
    number: int,
    submitted: date,
    ends: Iterable[date],
    product: Product = Product.COMMERCIAL,
) -> None:
    """An application whose first stages were passed on these days."""
    async with sessions.begin() as session:
        customer = CustomerRow(
            name_encrypted="",
            phone_encrypted="",
            phone_hash="",
            id_number_encrypted="",
            id_number_hash=f"hash{number}",
            id_last4_hash="",
            created_at=at(submitted),
        )
        session.add(customer)
        await session.flush()
        application = ApplicationRow(
            application_no=f"FX{number:010d}",
            customer_id=customer.id,
            product=product.value,
            amount=Decimal(100_000),
            term_months=120,
            state="in_progress",
            stage="approval",
            submitted_at=at(submitted),
        )
        session.add(application)
        await session.flush()
        for stage, day in zip(STAGES, ends, strict=False):
            session.add(
                StageEventRow(
                    application_id=application.id,
                    stage=stage.value,
                    outcome=Outcome.PASSED.value,
                    at=at(day, 15),
                )
            )


async def measured(sessions: Sessions, calendar: WorkingCalendar, since: date) -> dict:
    async with sessions() as session:
        return dict(taken(await passed_since(session, at(since)), calendar))


async def test_working_days_are_counted_from_the_stage_before(
    sessions: Sessions, calendar: WorkingCalendar
) -> None:
    """Submitted on Monday the 19th; checked on Wednesday (2), enquired on Friday (2), valued on Tuesday the 27th (2)."""
    await put(sessions, 1, MONDAY, [date(2026, 10, 21), date(2026, 10, 23), date(2026, 10, 27)])
    days = await measured(sessions, calendar, date(2026, 9, 1))
    assert days == {
        (Product.COMMERCIAL, Stage.DOCUMENT_CHECK): [2],
        (Product.COMMERCIAL, Stage.CREDIT_ENQUIRY): [2],
        (Product.COMMERCIAL, Stage.VALUATION): [2],
    }


async def test_a_holiday_counts_for_nothing(sessions: Sessions, calendar: WorkingCalendar) -> None:
    """From 30 September to 9 October 2026 two days were worked: the 8th and the 9th."""
    await put(sessions, 1, date(2026, 9, 30), [date(2026, 10, 9)])
    days = await measured(sessions, calendar, date(2026, 9, 1))
    assert days[Product.COMMERCIAL, Stage.DOCUMENT_CHECK] == [2]


async def test_what_ended_before_the_window_is_left_out_but_still_begins_the_next(
    sessions: Sessions, calendar: WorkingCalendar
) -> None:
    await put(sessions, 1, MONDAY, [date(2026, 10, 21), date(2026, 10, 23)])
    days = await measured(sessions, calendar, date(2026, 10, 22))
    assert days == {(Product.COMMERCIAL, Stage.CREDIT_ENQUIRY): [2]}


async def test_a_decision_is_counted_from_submission(sessions: Sessions, calendar: WorkingCalendar) -> None:
    """Monday 19 October to Friday 13 November are 19 working days."""
    ends = [
        date(2026, 10, 21),
        date(2026, 10, 23),
        date(2026, 10, 30),
        date(2026, 11, 12),
        date(2026, 11, 13),
    ]
    await put(sessions, 1, MONDAY, ends, Product.PROVIDENT_FUND)
    days = await measured(sessions, calendar, date(2026, 9, 1))
    assert days[Product.PROVIDENT_FUND, None] == [19]
    assert days[Product.PROVIDENT_FUND, Stage.NOTICE] == [1]


def test_the_quickest_and_the_slowest_tenth_are_left_out(policy: PolicyBook) -> None:
    """Of ten cases the first is the lowest tenth, the ninth the highest value of nine tenths."""
    usual = Durations.of(policy, date(2026, 11, 24))
    cases = [9, 1, 2, 2, 3, 3, 4, 4, 5, 6]
    found = corrected(
        usual, {(Product.COMMERCIAL, Stage.APPROVAL): cases}, Product.COMMERCIAL, rules(enough=10)
    )
    assert found.stages[Stage.APPROVAL] == WorkingDays(1, 6)
    assert found.measured == {Stage.APPROVAL}
    assert found.stages[Stage.VALUATION] == usual.stages[Stage.VALUATION]


def test_too_few_cases_change_nothing(policy: PolicyBook) -> None:
    usual = Durations.of(policy, date(2026, 11, 24))
    taken_ = {
        (Product.COMMERCIAL, Stage.APPROVAL): [9] * 9,
        (Product.PROVIDENT_FUND, Stage.APPROVAL): [9] * 30,
    }
    assert corrected(usual, taken_, Product.COMMERCIAL, rules(enough=10)) == usual


def test_a_funds_whole_time_is_corrected_too(policy: PolicyBook) -> None:
    usual = Durations.of(policy, date(2026, 11, 24))
    found = corrected(usual, {(Product.COMBINED, None): [10, 12, 14]}, Product.COMBINED, rules(enough=3))
    assert (found.fund_decision, found.is_decision_measured) == (WorkingDays(10, 14), True)


async def test_the_measurement_is_kept_for_an_hour(
    sessions: Sessions, calendar: WorkingCalendar, clock: FixedClock, policy: PolicyBook
) -> None:
    """Thirty cases are enough by the policy fact; what comes in later is seen after the hour."""
    measurement = Measurement(clock, policy)

    async def check() -> WorkingDays:
        async with sessions() as session:
            found = await measurement.durations(session, Product.COMMERCIAL, calendar)
        return found.stages[Stage.DOCUMENT_CHECK]

    usual = Durations.of(policy, china_date(clock)).stages[Stage.DOCUMENT_CHECK]
    assert await check() == usual == WorkingDays(1, 2)
    for number in range(30):
        await put(sessions, number, MONDAY, [date(2026, 10, 26)])  # five working days
    clock.advance(minutes=59)
    assert await check() == usual
    clock.advance(minutes=1)
    assert await check() == WorkingDays(5, 5)
