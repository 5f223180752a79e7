"""Working days: holidays, make-up days, and the years nobody has published yet."""

from __future__ import annotations

from datetime import date

import pytest

from bot.knowledge import PolicyBook
from bot.servicing import WorkingCalendar


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
