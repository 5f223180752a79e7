"""Staffed time on the Chinese calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import CHINA
from bot.handoff.errors import NeverStaffed
from bot.handoff.hours import StaffedHours, WallHours
from bot.knowledge import PolicyBook
from bot.servicing.calendar import WorkingCalendar
from bot.settings import ROOT

HOURS = StaffedHours.from_policy(PolicyBook.load(ROOT / "data" / "knowledge" / "policy"), date(2026, 11, 24))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-24 10:00", 15, "2026-11-24 10:15"),  # a Tuesday morning
        ("2026-11-24 11:50", 15, "2026-11-24 13:35"),  # ten minutes before lunch, five after it
        ("2026-11-24 12:30", 15, "2026-11-24 13:45"),  # nobody at lunch
        ("2026-11-24 19:59", 15, "2026-11-25 08:44"),  # a minute before closing
        ("2026-11-28 16:50", 15, "2026-11-30 08:35"),  # Saturday until 17:00, Sunday closed
        ("2026-09-30 19:50", 15, "2026-10-08 08:35"),  # the National Day week in between
        ("2026-10-10 07:00", 15, "2026-10-10 08:45"),  # a make-up Saturday has the weekday's hours
        ("2026-11-24 11:45", 15, "2026-11-24 12:00"),  # to the last second of the morning
    ],
)
def test_staffed_time_skips_lunch_nights_sundays_and_holidays(start: str, minutes: int, end: str) -> None:
    assert HOURS.add(at(start), timedelta(minutes=minutes)) == at(end)


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-24 10:00", "2026-11-24 10:00"),
        ("2026-11-24 12:00", "2026-11-24 13:30"),
        ("2026-11-29 12:00", "2026-11-30 08:30"),
        ("2026-10-03 12:00", "2026-10-08 08:30"),  # a Saturday, but a public holiday
    ],
)
def test_the_next_opening(moment: str, opening: str) -> None:
    assert HOURS.next_opening(at(moment)) == at(opening)
    assert HOURS.is_open(at(moment)) == (moment == opening)


NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 334 * 24 * 3600).map(lambda seconds: NEW_YEAR + timedelta(seconds=seconds))
AMOUNTS = st.timedeltas(timedelta(seconds=1), timedelta(hours=60))


@given(MOMENTS, AMOUNTS)
def test_what_was_added_is_what_lies_between(start: datetime, amount: timedelta) -> None:
    assert HOURS.between(start, HOURS.add(start, amount)) == amount


@given(MOMENTS, AMOUNTS, AMOUNTS)
def test_adding_in_two_steps_is_adding_once(start: datetime, first: timedelta, second: timedelta) -> None:
    assert HOURS.add(HOURS.add(start, first), second) == HOURS.add(start, first + second)


@settings(max_examples=20, deadline=None)
@given(MOMENTS, st.integers(0, 24 * 60))
def test_time_between_is_the_open_minutes_counted_one_by_one(start: datetime, minutes: int) -> None:
    start = start.replace(second=0, microsecond=0)
    open_minutes = sum(HOURS.is_open(start + timedelta(minutes=minute)) for minute in range(minutes))
    assert HOURS.between(start, start + timedelta(minutes=minutes)) == timedelta(minutes=open_minutes)


def test_wall_time_always_runs() -> None:
    start = at("2026-10-03 03:00")
    assert WallHours().add(start, timedelta(hours=24)) == at("2026-10-04 03:00")
    assert WallHours().between(start, start - timedelta(hours=1)) == timedelta(0)


def test_a_desk_that_never_opens_promises_nothing() -> None:
    closed = StaffedHours(WorkingCalendar(fixed=()), weekdays=())
    with pytest.raises(NeverStaffed):
        closed.next_opening(at("2026-11-24 10:00"))
