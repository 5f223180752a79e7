"""Working days: holidays, make-up days, and the years nobody has published yet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from bot.knowledge import PolicyBook
from bot.servicing import WorkingCalendar
from bot.servicing.calendar import Published


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    from bot.settings import ROOT

    policy = PolicyBook.load(ROOT / "data" / "knowledge" / "policy")
    return WorkingCalendar.from_policy(policy, date(2026, 11, 22))


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2026, 2, 13), True),  # Friday before Spring Festival
        (date(2026, 2, 14), True),  # Saturday, make-up day
        (date(2026, 2, 16), False),  # Monday, New Year's Eve
        (date(2026, 2, 23), False),  # Monday, last day of the holiday
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),  # Saturday, make-up day
        (date(2026, 9, 20), True),  # Sunday, make-up day before National Day
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),  # Saturday, make-up day
        (date(2026, 10, 11), False),
        (date(2026, 11, 22), False),  # an ordinary Sunday
    ],
)
def test_a_published_year_follows_its_holidays_and_make_up_days(
    calendar: WorkingCalendar, day: date, is_working: bool
) -> None:
    assert calendar.is_working_day(day) is is_working


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # seven days of National Day between
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # 8, 9, and Saturday the 10th
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # Saturday the 14th, then after the festival
        (date(2026, 2, 24), 4, date(2026, 2, 28)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 22), 0, date(2026, 11, 23)),  # from a Sunday, zero days end on Monday
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
        (date(2026, 10, 8), -1, date(2026, 9, 30)),
    ],
)
def test_days_are_counted_over_holidays(calendar: WorkingCalendar, start: date, days: int, end: date) -> None:
    counted = calendar.add(start, days)
    assert counted.day == end
    assert not counted.beyond_known_years


def test_between_counts_the_end_but_not_the_start(calendar: WorkingCalendar) -> None:
    assert calendar.between(date(2026, 9, 30), date(2026, 10, 10)) == 3
    assert calendar.between(date(2026, 10, 10), date(2026, 9, 30)) == 0


def test_a_count_into_an_unpublished_year_says_so(calendar: WorkingCalendar) -> None:
    counted = calendar.add(date(2026, 12, 31), 1)
    assert counted.day == date(2027, 1, 4)  # New Year's Day is a Friday, then the weekend
    assert counted.beyond_known_years


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2027, 1, 1), False),  # fixed
        (date(2027, 10, 1), False),  # fixed
        (date(2027, 2, 8), False),  # Spring Festival, known from the lunar calendar
        (date(2027, 2, 9), True),
        (date(2027, 6, 9), False),  # Dragon Boat Festival
        (date(2027, 10, 9), False),  # a Saturday: make-up days are not known
        (date(2027, 10, 8), True),
    ],
)
def test_an_unpublished_year_has_weekends_and_known_holidays(
    calendar: WorkingCalendar, day: date, is_working: bool
) -> None:
    assert not calendar.knows(day)
    assert calendar.is_working_day(day) is is_working


def test_a_year_published_since_is_counted_as_published() -> None:
    """The facts can hold what the package does not know yet: days off on weekdays, and weekends that are worked."""
    later = Published(
        years=frozenset({2027}),
        days_off=frozenset({date(2027, 1, 1), date(2027, 2, 9)}),
        make_up_days=frozenset({date(2027, 2, 13)}),
    )
    calendar = WorkingCalendar(["01-01", "10-01"], [date(2027, 2, 8)], later)
    assert calendar.knows(date(2027, 12, 31))
    assert not calendar.knows(date(2028, 1, 3))
    working = [day for day in range(1, 16) if calendar.is_working_day(date(2027, 2, day))]
    assert working == [1, 2, 3, 4, 5, 8, 10, 11, 12, 13, 15]  # the 9th is off, Saturday the 13th is worked
    counted = calendar.add(date(2026, 12, 31), 1)
    assert (counted.day, counted.beyond_known_years) == (date(2027, 1, 4), False)


def test_the_facts_extend_the_calendar() -> None:
    facts = {
        "holidays.fixed": ["01-01"],
        "holidays.moving": [],
        "holidays.published_years": [Decimal(2027)],
        "holidays.days_off": [date(2027, 1, 1)],
        "holidays.make_up_days": [date(2027, 1, 3)],
    }

    class Facts:
        def fact(self, key: str, on: date, region: str | None = None) -> SimpleNamespace:
            return SimpleNamespace(items=facts[key])

    calendar = WorkingCalendar.from_policy(Facts(), date(2026, 11, 24))  # type: ignore[arg-type]
    assert calendar.knows(date(2027, 6, 1))
    assert calendar.is_working_day(date(2027, 1, 3))  # a Sunday
