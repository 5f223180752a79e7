"""How long stages lately took: the bank's own durations, corrected by what really happened."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.clock import CHINA, Clock, china_date
from bot.servicing.calendar import ONE_DAY, WorkingCalendar
from bot.servicing.model import STAGES, Outcome, Product, Stage
from bot.servicing.ports import Policy
from bot.servicing.progress import Durations, WorkingDays
from bot.servicing.store import ApplicationRow, StageEventRow

REFRESH = timedelta(hours=1)  #: a measurement is kept so long; one more case hardly moves it
HUNDRED = Decimal(100)

#: Working days that were taken, of every case: by product and stage, and for whole decisions by product and None.
Taken = Mapping[tuple[Product, Stage | None], Sequence[int]]
#: product, stage, the stage before it in the record, when that ended, when this one ended, when it was submitted
_Passed = tuple[str, str, str | None, datetime | None, datetime, datetime]


@dataclass(frozen=True)
class Rules:
    """What is measured on a day, and when it counts."""

    window: timedelta
    enough: int
    low: Decimal  #: a fraction: the quickest tenth is left out at 0.1
    high: Decimal

    @classmethod
    def of(cls, policy: Policy, on: date) -> Rules:
        span = policy.fact("approval.measured_span", on)
        return cls(
            window=timedelta(days=policy.fact("approval.measured_window", on).whole),
            enough=policy.fact("approval.measured_enough", on).whole,
            low=span.low / HUNDRED,
            high=span.high / HUNDRED,
        )


class Measurement:
    """The durations of a day as measured, kept for a while."""

    def __init__(self, clock: Clock, policy: Policy) -> None:
        self._clock = clock
        self._policy = policy
        self._kept: tuple[datetime, Rules, Taken] | None = None

    async def durations(
        self, session: AsyncSession, product: Product, calendar: WorkingCalendar
    ) -> Durations:
        """The durations of the policy facts, with every stage of ``product`` replaced that was measured enough."""
        now, today = self._clock.now(), china_date(self._clock)
        rules = Rules.of(self._policy, today)
        kept = self._kept
        if kept is None or kept[1] != rules or not timedelta() <= now - kept[0] < REFRESH:
            rows = await passed_since(session, now - rules.window)
            kept = (now, rules, await asyncio.to_thread(taken, rows, calendar))
            self._kept = kept
        return corrected(Durations.of(self._policy, today), kept[2], product, rules)


async def passed_since(session: AsyncSession, since: datetime) -> list[_Passed]:
    """The stages that were passed since then, each with what came before it."""

    def before(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
        """The column's value in the event before, of the same application."""
        return func.lag(column, type_=column.type).over(
            partition_by=StageEventRow.application_id, order_by=(StageEventRow.at, StageEventRow.id)
        )

    recent = select(StageEventRow.application_id).where(StageEventRow.at >= since)
    steps = (
        select(
            StageEventRow.application_id,
            StageEventRow.stage,
            StageEventRow.outcome,
            StageEventRow.at,
            before(StageEventRow.stage).label("stage_before"),
            before(StageEventRow.at).label("at_before"),
        )
        .where(StageEventRow.application_id.in_(recent))
        .subquery()
    )
    found = await session.execute(
        select(
            ApplicationRow.product,
            steps.c.stage,
            steps.c.stage_before,
            steps.c.at_before,
            steps.c.at,
            ApplicationRow.submitted_at,
        )
        .join(ApplicationRow, ApplicationRow.id == steps.c.application_id)
        .where(steps.c.at >= since, steps.c.outcome == Outcome.PASSED.value)
    )
    return [tuple(row) for row in found]


def taken(rows: Iterable[_Passed], calendar: WorkingCalendar) -> Taken:
    """Working days of each passed stage; one whose beginning is not on record is left out."""
    days: dict[tuple[Product, Stage | None], list[int]] = defaultdict(list)
    count = _Counter(calendar)
    for product_, stage_, before, at_before, at, submitted_at in rows:
        product, stage = Product(product_), Stage(stage_)
        position = STAGES.index(stage)
        if position == 0:
            days[product, stage].append(count.between(submitted_at, at))
        elif at_before is not None and before == STAGES[position - 1]:
            days[product, stage].append(count.between(at_before, at))
        if stage is Stage.NOTICE:
            days[product, None].append(count.between(submitted_at, at))
    return days


def corrected(usual: Durations, taken: Taken, product: Product, rules: Rules) -> Durations:
    """The usual durations with those of ``product`` that were measured often enough."""
    stages, measured = dict(usual.stages), set()
    for stage in STAGES:
        cases = taken.get((product, stage), ())
        if len(cases) >= rules.enough:
            stages[stage] = _span(cases, rules)
            measured.add(stage)
    whole = taken.get((product, None), ())
    is_whole = len(whole) >= rules.enough
    return replace(
        usual,
        stages=stages,
        fund_decision=_span(whole, rules) if is_whole else usual.fund_decision,
        measured=frozenset(measured),
        is_decision_measured=is_whole,
    )


def _span(cases: Sequence[int], rules: Rules) -> WorkingDays:
    ordered = sorted(cases)
    return WorkingDays(_quantile(ordered, rules.low), max(1, _quantile(ordered, rules.high)))


def _quantile(ordered: Sequence[int], share: Decimal) -> int:
    """The smallest value that at least ``share`` of the cases do not exceed."""
    rank = int((share * len(ordered)).to_integral_value(ROUND_CEILING))
    return ordered[max(rank, 1) - 1]


class _Counter:
    """Working days between two days by a running number, since a year's cases ask for the same days again."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self._calendar = calendar
        self._numbers: dict[date, int] = {}
        self._first: date | None = None
        self._last: date | None = None

    def between(self, start: datetime, end: datetime) -> int:
        """Working days after ``start`` up to and including ``end``; zero when it is not later."""
        since, until = start.astimezone(CHINA).date(), end.astimezone(CHINA).date()
        return self._number(until) - self._number(since) if until > since else 0

    def _number(self, day: date) -> int:
        if self._first is None or self._last is None:
            self._first = self._last = day
            self._numbers[day] = 0
        while self._last < day:
            following = self._last + ONE_DAY
            self._numbers[following] = self._numbers[self._last] + self._calendar.is_working_day(following)
            self._last = following
        while self._first > day:
            self._numbers[self._first - ONE_DAY] = self._numbers[self._first] - self._calendar.is_working_day(
                self._first
            )
            self._first -= ONE_DAY
        return self._numbers[day]
