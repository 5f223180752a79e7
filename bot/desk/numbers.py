"""``/api/desk/numbers``: the dashboard, the list behind each number, and the days as CSV. For supervisors."""

# No postponed annotations here: FastAPI could not resolve those that name something inside a function.

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Query, Response

from bot.clock import Clock, china_date
from bot.conversation.ports import Words
from bot.desk.login import DeskSessions
from bot.desk.routes import logged_in, refused
from bot.handoff.errors import NotAllowed
from bot.handoff.model import Agent
from bot.http import Refusal

LONGEST_DAYS = 366
USUAL_DAYS = 7
CSV = "text/csv; charset=utf-8"
CSV_COLUMNS = ("day", "conversations", "solved_by_bot", "handed_over", "declined_turns")
BYTE_ORDER_MARK = "\ufeff"  #: without it spreadsheets take the Chinese for something else


class Dashboard(Protocol):
    """Whoever counts; `bot.insight.dashboard` is one."""

    async def numbers(self, first: date, last: date, channel: str | None) -> dict[str, Any]: ...
    async def behind(
        self,
        name: str,
        first: date,
        last: date,
        channel: str | None,
        *,
        reason: str | None = None,
        topic: str | None = None,
        score: int | None = None,
    ) -> list[dict[str, Any]]: ...


@dataclass(frozen=True)
class Days:
    """Which days are asked for, both included, and which channel."""

    first: date
    last: date
    channel: str | None


def numbers_routes(dashboard: Dashboard, sessions: DeskSessions, clock: Clock, words: Words) -> APIRouter:
    refusals = partial(refused, words)
    Me = Annotated[Agent, Depends(logged_in(sessions, words))]
    router = APIRouter(prefix="/api/desk", tags=["desk"])

    def days_of(
        agent: Me,
        first: Annotated[date | None, Query()] = None,
        last: Annotated[date | None, Query()] = None,
        channel: Annotated[str | None, Query(max_length=20)] = None,
    ) -> Days:
        with refusals():
            if not agent.is_supervisor:
                raise NotAllowed
        end = last or china_date(clock)
        start = first or end - timedelta(days=USUAL_DAYS - 1)
        if not 0 <= (end - start).days < LONGEST_DAYS:
            raise Refusal(422, "bad_period", words.say("refused.bad_period", days=LONGEST_DAYS))
        return Days(start, end, channel)

    Asked = Annotated[Days, Depends(days_of)]

    @router.get("/numbers")
    async def numbers(days: Asked) -> dict[str, Any]:
        """Counts of the period; the last seven days unless said."""
        return await dashboard.numbers(days.first, days.last, days.channel)

    @router.get("/numbers.csv")
    async def numbers_csv(days: Asked) -> Response:
        """One line a day."""
        counted = await dashboard.numbers(days.first, days.last, days.channel)
        header = [words.say(f"numbers.{name}") for name in CSV_COLUMNS]
        rows = [[day[name] for name in CSV_COLUMNS] for day in counted["by_day"]]
        return _csv([header, *rows], f"numbers-{days.first}-{days.last}.csv")

    @router.get("/numbers/{name}")
    async def behind(
        name: str,
        days: Asked,
        reason: str | None = None,
        topic: str | None = None,
        score: Annotated[int | None, Query(ge=1, le=5)] = None,
    ) -> dict[str, Any]:
        """The conversations that a number was counted from."""
        try:
            cases = await dashboard.behind(
                name, days.first, days.last, days.channel, reason=reason, topic=topic, score=score
            )
        except KeyError as exc:
            raise Refusal(404, "unknown_number", words.say("refused.unknown_number")) from exc
        return {"cases": cases}

    return router


def _csv(rows: Sequence[Sequence[object]], name: str) -> Response:
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    csv.writer(text).writerows(rows)
    return Response(
        text.getvalue(), media_type=CSV, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
