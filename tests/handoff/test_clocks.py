"""Service clocks: what they have used, when they are due, and what a pause does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.clock import CHINA
from bot.handoff.clocks import ClockState, Level, Promise, Runs, ServiceClock, ServiceLevels
from bot.handoff.hours import WallHours
from bot.knowledge import PolicyBook
from bot.settings import ROOT

LEVELS = ServiceLevels.of(PolicyBook.load(ROOT / "data" / "knowledge" / "policy"), date(2026, 11, 24))
WALL = WallHours()
DAY = Level(timedelta(hours=24), Runs.WALL)
START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def test_the_promises_of_the_bank() -> None:
    """As the demo bank states them."""
    assert {promise.value: (level.limit, level.runs.value) for promise, level in LEVELS.levels.items()} == {
        "first_reply": (timedelta(minutes=15), "staffed"),
        "written_plan": (timedelta(hours=3), "staffed"),
        "promised_call_back": (timedelta(hours=24), "wall"),
        "method_change": (timedelta(hours=24), "wall"),
        "complaint_first_contact": (timedelta(hours=24), "wall"),
        "complaint_solution": (timedelta(hours=48), "wall"),
        "complaint_call_back": (timedelta(days=3), "wall"),
    }


def test_a_first_reply_asked_for_at_night_is_due_a_quarter_after_opening() -> None:
    level = LEVELS.levels[Promise.FIRST_REPLY]
    clock = ServiceClock.started(Promise.FIRST_REPLY, level, at("2026-11-24 23:10"))
    hours = LEVELS.hours(level.runs)
    assert clock.due_at(hours) == at("2026-11-25 08:45")
    assert clock.warns_at(hours) == at("2026-11-25 08:42")
    assert clock.state_at(at("2026-11-25 08:41"), hours) is ClockState.RUNNING
    assert clock.state_at(at("2026-11-25 08:42"), hours) is ClockState.WARNING
    assert clock.state_at(at("2026-11-25 08:45"), hours) is ClockState.WARNING
    assert clock.state_at(at("2026-11-25 08:45") + timedelta(seconds=1), hours) is ClockState.BREACHED


def test_a_pause_moves_the_due_time_by_its_length() -> None:
    clock = ServiceClock.started(Promise.CALL_BACK, DAY, START)
    held = clock.paused(START + timedelta(hours=5), WALL)
    assert held.due_at(WALL) is None
    assert held.state_at(START + timedelta(days=9), WALL) is ClockState.PAUSED
    running = held.resumed(START + timedelta(hours=12))
    assert running.due_at(WALL) == START + timedelta(hours=31)


def test_a_stopped_clock_says_whether_it_was_in_time() -> None:
    clock = ServiceClock.started(Promise.CALL_BACK, DAY, START)
    in_time = clock.stopped(START + timedelta(hours=24), WALL)
    late = clock.stopped(START + timedelta(hours=24, seconds=1), WALL)
    much_later = START + timedelta(days=30)
    assert in_time.state_at(much_later, WALL) is ClockState.MET
    assert late.state_at(much_later, WALL) is ClockState.MISSED
    assert in_time.stopped(much_later, WALL) == in_time
    assert in_time.due_at(WALL) is None


STEPS = st.lists(st.tuples(st.sampled_from(["pause", "resume"]), st.integers(1, 100_000)), max_size=12)


@given(STEPS)
def test_used_time_is_the_time_it_ran(steps: list[tuple[str, int]]) -> None:
    """Against a plain sum over the stretches in which it was not paused."""
    clock = ServiceClock.started(Promise.CALL_BACK, DAY, START)
    now, ran, is_running = START, 0, True
    for step, seconds in steps:
        now += timedelta(seconds=seconds)
        ran += seconds if is_running else 0
        is_running = step == "resume"
        clock = clock.resumed(now) if is_running else clock.paused(now, WALL)
    assert clock.used_at(now, WALL) == timedelta(seconds=ran)
    due = clock.due_at(WALL)
    assert (due is None) == (not is_running)
    if due is not None and clock.used_at(now, WALL) < clock.limit:
        assert clock.used_at(due, WALL) == clock.limit
