"""An application moves along its stages, and in no other way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.clock import FixedClock
from bot.servicing import ApplicationState, Servicing, Stage
from bot.servicing.errors import IllegalTransition, UnknownApplication
from bot.servicing.model import STAGES, START, Outcome, Position
from bot.servicing.store import ApplicationRow, StageEventRow
from bot.store.engine import Sessions

NO = "FX2026110001"


async def position_and_events(sessions: Sessions, number: str = NO) -> tuple[str, str, int]:
    async with sessions() as session:
        row = await session.scalar(select(ApplicationRow).where(ApplicationRow.application_no == number))
        assert row is not None
        events = await session.scalar(
            select(func.count()).select_from(StageEventRow).where(StageEventRow.application_id == row.id)
        )
        return row.state, row.stage, events or 0


def test_passing_every_stage_ends_in_disbursement() -> None:
    position = START
    for stage in STAGES:
        assert position == Position(ApplicationState.IN_PROGRESS, stage)
        position = position.after(stage, Outcome.PASSED)
    assert position == Position(ApplicationState.DISBURSED, Stage.DISBURSEMENT)


@pytest.mark.parametrize("stage", STAGES)
def test_rejection_is_possible_until_the_approval_only(stage: Stage) -> None:
    position = Position(ApplicationState.IN_PROGRESS, stage)
    if STAGES.index(stage) <= STAGES.index(Stage.APPROVAL):
        assert position.after(stage, Outcome.REJECTED).state is ApplicationState.REJECTED
    else:
        with pytest.raises(ValueError, match="rejected"):
            position.after(stage, Outcome.REJECTED)


@pytest.mark.parametrize("stage", STAGES)
def test_withdrawal_is_possible_everywhere(stage: Stage) -> None:
    position = Position(ApplicationState.IN_PROGRESS, stage)
    assert position.after(stage, Outcome.WITHDRAWN).state is ApplicationState.WITHDRAWN


@pytest.mark.parametrize(
    "state", [ApplicationState.DISBURSED, ApplicationState.REJECTED, ApplicationState.WITHDRAWN]
)
def test_nothing_follows_an_end(state: ApplicationState) -> None:
    with pytest.raises(ValueError, match="ended"):
        Position(state, Stage.APPROVAL).after(Stage.APPROVAL, Outcome.PASSED)


async def test_the_same_event_told_twice_is_one_step(
    servicing: Servicing, sessions: Sessions, clock: FixedClock
) -> None:
    _, _, before = await position_and_events(sessions)
    for _ in range(2):
        position = await servicing.record_stage(NO, Stage.APPROVAL, Outcome.PASSED, clock.now())
        assert position == Position(ApplicationState.IN_PROGRESS, Stage.NOTICE)
    assert await position_and_events(sessions) == ("in_progress", "notice", before + 1)


@pytest.mark.parametrize(
    ("stage", "outcome", "later"),
    [
        (Stage.VALUATION, Outcome.PASSED, timedelta()),  # ended already, at another time
        (Stage.APPROVAL, Outcome.PASSED, timedelta(days=-365)),  # lies before the stage began
        (Stage.CONTRACT, Outcome.REJECTED, timedelta()),  # too late for the bank to say no
        (Stage.APPROVAL, Outcome.PASSED, timedelta(days=1)),  # has not happened yet
    ],
)
async def test_an_illegal_step_changes_nothing(
    servicing: Servicing,
    sessions: Sessions,
    clock: FixedClock,
    stage: Stage,
    outcome: Outcome,
    later: timedelta,
) -> None:
    before = await position_and_events(sessions)
    with pytest.raises(IllegalTransition):
        await servicing.record_stage(NO, stage, outcome, clock.now() + later)
    assert await position_and_events(sessions) == before


async def test_a_step_that_comes_too_early_counts_when_the_gap_is_filled(
    servicing: Servicing, sessions: Sessions, clock: FixedClock
) -> None:
    now = clock.now()
    early = await servicing.record_stage(NO, Stage.NOTICE, Outcome.PASSED, now)
    assert early == Position(ApplicationState.IN_PROGRESS, Stage.APPROVAL)
    late = await servicing.record_stage(NO, Stage.APPROVAL, Outcome.PASSED, now - timedelta(hours=1))
    assert late == Position(ApplicationState.IN_PROGRESS, Stage.CONTRACT)


async def test_an_unknown_application_has_no_stages(servicing: Servicing) -> None:
    with pytest.raises(UnknownApplication):
        await servicing.record_stage(
            "FX2099999999", Stage.APPROVAL, Outcome.PASSED, datetime(2026, 11, 24, tzinfo=UTC)
        )
