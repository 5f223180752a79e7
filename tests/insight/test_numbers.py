"""The dashboard's counts, each against the list it was counted from."""

from __future__ import annotations

import json
from datetime import date

from bot.insight.dashboard import Dashboard
from bot.insight.numbers import LISTS, AgentLoad, Case, Period, Spread, TicketCase, listed, numbers_of

DAY = date(2026, 11, 24)
PERIOD = Period(date(2026, 11, 23), DAY)


def ticket(name: str, reason: str = "asked", **more: object) -> TicketCase:
    known = {"waited": 60.0, "first_reply": 90.0, "is_breached": False, "agent_id": "a", **more}
    return TicketCase(ticket_id=name, reason=reason, **known)  # type: ignore[arg-type]


CASES = [
    Case(conversation_id="solved", channel="web", day=DAY, topics=("prepay_penalty",), turns=2),
    Case(conversation_id="unhappy", channel="web", day=DAY, turns=1, scores=(2,)),
    Case(conversation_id="lost", channel="wechat", day=DAY, turns=3, declined=2, topics=("overdue",)),
    Case(conversation_id="asked", channel="web", day=DAY, turns=1, tickets=(ticket("t1"),), scores=(5,)),
    Case(
        conversation_id="late",
        channel="web",
        day=date(2026, 11, 23),
        tickets=(ticket("t2", "complaint", waited=1200.0, first_reply=None, is_breached=True),),
    ),
]
NUMBERS = numbers_of(CASES, PERIOD)


def test_solved_is_answered_understood_kept_by_the_bot_and_not_disliked() -> None:
    assert [case.conversation_id for case in CASES if case.is_solved_by_bot] == ["solved"]
    assert NUMBERS.share_solved == 1 / 5


def test_the_counts() -> None:
    assert (NUMBERS.conversations, NUMBERS.handed_over, NUMBERS.breaches, NUMBERS.declined_turns) == (
        5,
        2,
        1,
        2,
    )
    assert NUMBERS.reasons == {"asked": 1, "complaint": 1}
    assert NUMBERS.topics == {"prepay_penalty": 1, "overdue": 1}
    assert NUMBERS.by_channel == {"web": 4, "wechat": 1}
    assert NUMBERS.satisfaction == 3.5
    assert (NUMBERS.waits, NUMBERS.first_replies.count) == (Spread(2, 630.0, 1200.0), 1)


def test_the_days_add_up() -> None:
    assert [day.conversations for day in NUMBERS.by_day] == [1, 4]
    assert sum(day.handed_over for day in NUMBERS.by_day) == NUMBERS.handed_over


def test_each_number_is_as_long_as_its_list() -> None:
    names = (
        "conversations",
        "solved_by_bot",
        "handed_over",
        "breaches",
        "declined",
        "satisfied",
        "unsatisfied",
    )
    for name in names:
        assert len(listed(CASES, name)) == getattr(NUMBERS, name), name
    assert {
        score: len(listed(CASES, "scores", score=score)) for score in NUMBERS.by_score
    } == NUMBERS.by_score
    assert [case.conversation_id for case in listed(CASES, "handed_over", reason="complaint")] == ["late"]
    assert [case.conversation_id for case in listed(CASES, "conversations", topic="overdue")] == ["lost"]
    assert [case.conversation_id for case in listed(CASES, "first_replies")] == ["asked"]
    assert set(LISTS) == {*names, "scores", "waits", "first_replies"}


def test_two_tickets_in_one_conversation_are_one_line_of_each_list() -> None:
    late = [ticket("t1", is_breached=True), ticket("t2", is_breached=True)]
    cases = [Case(conversation_id="twice", channel="web", day=DAY, tickets=tuple(late), scores=(5, 5))]
    numbers = numbers_of(cases, PERIOD)
    assert (numbers.breaches, numbers.reasons, numbers.satisfied) == (1, {"asked": 1}, 1)
    assert (numbers.by_score, numbers.scores) == ({5: 1}, {5: 2})


def test_nothing_is_said_of_nothing() -> None:
    empty = numbers_of([], PERIOD)
    assert (empty.share_solved, empty.satisfaction, empty.waits.median) == (None, None, None)


async def test_the_counts_go_over_the_wire_as_they_are() -> None:
    class Known:
        async def cases(self, period: Period) -> list[Case]:
            return CASES

        async def load(self, period: Period) -> list[AgentLoad]:
            return [AgentLoad("a", "林晓", 2, 1.5, (5,))]

    shown = await Dashboard(Known()).numbers(PERIOD.first, PERIOD.last, None)  # type: ignore[arg-type]
    assert shown["reasons"] == {"asked": 1, "complaint": 1}
    assert shown["scores"] == {2: 1, 5: 1}
    assert shown["by_day"][1]["day"] == "2026-11-24"
    assert shown["load"][0]["name"] == "林晓"
    assert json.loads(json.dumps(shown))["waits"] == {"count": 2, "median": 630.0, "p90": 1200.0}
