"""Unanswered words at the desk: looked through once, laid aside or assigned to an intent."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import FixedClock
from bot.conversation.store import ConversationRow
from bot.insight.review import Review, lessons
from bot.insight.teaching import IntentUnknown, TrainingData
from bot.insight.unanswered import Reference
from bot.store.engine import Sessions
from tests.insight.test_clusters import by_first_character
from tests.insight.test_teaching import OVERDUE
from tests.insight.test_unanswered import NOON, part, turn

PHONE, LATE, WEATHER = Reference("u_c1_1", 0), Reference("u_c1_2", 0), Reference("u_c1_3", 0)


@pytest.fixture
async def review(sessions: Sessions, tmp_path: Path) -> Review:
    (tmp_path / "overdue.yml").write_text(OVERDUE, encoding="utf-8")
    async with sessions.begin() as session:
        session.add(ConversationRow(id="c1", channel="web", external_id="c1", created_at=NOON))
        await session.flush()
        session.add_all(
            [
                turn(1, part("忘了还，电话13812345678", "decline", "overdue")),
                turn(2, part("忘了还咋整", "decline", "overdue")),
                turn(3, part("天气", "decline", "thanks")),
            ]
        )
    clock = FixedClock(NOON + timedelta(hours=1))
    return Review(sessions, clock, lambda: TrainingData(tmp_path, []), by_first_character)


async def test_clusters_lead_to_their_conversations(review: Review) -> None:
    listed = await review.clusters(7)
    late = next(one for one in listed["clusters"] if one["count"] == 2)
    assert {example["conversation_id"] for example in late["examples"]} == {"c1"}
    assert {(one["turn_id"], one["part"]) for one in late["misses"]} == {("u_c1_1", 0), ("u_c1_2", 0)}
    assert late["since"] == (NOON + timedelta(minutes=1)).isoformat()
    assert "13812345678" not in str(listed)
    assert "overdue" in listed["intents"]


async def test_what_was_laid_aside_is_not_listed_again(review: Review) -> None:
    await review.lay_aside([WEATHER], "agent:a")
    assert [one["count"] for one in (await review.clusters(7))["clusters"]] == [2]


async def test_what_was_assigned_is_taught_without_personal_data(review: Review, tmp_path: Path) -> None:
    done = await review.teach([PHONE, LATE], "overdue", "agent:a")
    assert (done.taught, [why for _, why in done.refused]) == (("忘了还咋整",), ["private"])
    assert [one["texts"] for one in (await review.clusters(7))["clusters"]] == [["天气"]]
    (lesson,) = lessons(TrainingData(tmp_path, []), await review.assigned())
    lesson.write()
    assert "    - 忘了还咋整\n" in (tmp_path / "overdue.yml").read_text(encoding="utf-8")
    assert list(lessons(TrainingData(tmp_path, []), await review.assigned())) == []


async def test_what_cannot_be_taught_stays_listed(review: Review) -> None:
    assert (await review.teach([PHONE], "overdue", "agent:a")).taught == ()
    with pytest.raises(IntentUnknown):
        await review.teach([LATE], "weather", "agent:a")
    assert sum(one["count"] for one in (await review.clusters(7))["clusters"]) == 3
