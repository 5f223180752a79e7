"""What counts as unanswered, from turns as the service stores them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.conversation.model import TurnOutcome
from bot.conversation.store import ConversationRow, TurnRow
from bot.insight.unanswered import Why, misses_of, read_again, read_misses, without_personal_data
from bot.store.engine import Sessions

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
PICK = '/prepay_process{"as_asked": true}'
NONE = '/human_agent{"none_of_them": true}'


def part(text: str, band: str, *intents: str, entities: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    ranking = [{"intent": one, "topic": one, "confidence": 0.5 / n} for n, one in enumerate(intents, 1)]
    return {"text": text, "band": band, "entities": list(entities), "ranking": ranking, **ranking[0]}


def turn(number: int, *parts: dict[str, Any], payload: str | None = None, of: str = "c1") -> TurnRow:
    text = None if payload else "\n".join(one["text"] for one in parts)
    return TurnRow(
        id=f"u_{of}_{number}",
        conversation_id=of,
        outcome=TurnOutcome.ANSWERED.value,
        text=text,
        payload=payload,
        understood=list(parts),
        started_at=NOON + timedelta(minutes=number),
    )


def asked(number: int, text: str = "结清", *intents: str) -> TurnRow:
    return turn(number, part(text, "ask", *(intents or ("balance_query", "prepay_process"))))


def told(turns: list[TurnRow]) -> list[tuple[str, str, str | None]]:
    return [(miss.text, miss.why.value, miss.picked) for miss in misses_of(turns)]


def test_declined_words_count_and_answered_ones_do_not():
    turns = [turn(1, part("哈哈呀", "decline", "thanks")), turn(2, part("利率多少", "answer", "rate_change"))]
    assert told(turns) == [("哈哈呀", "declined", None)]


def test_words_held_out_of_scope_count_but_the_values_that_a_form_took_do_not():
    value = {"type": "term_months", "value": 360, "text": "30年", "start": 0, "end": 3}
    turns = [
        turn(1, part("明天下雨吗", "answer", "out_of_scope")),
        turn(2, part("30年", "answer", "out_of_scope", entities=(value,))),
    ]
    assert told(turns) == [("明天下雨吗", "out_of_scope", None)]


def test_a_pick_labels_the_words_before_it():
    assert told([asked(1), turn(2, payload=PICK)]) == [("结清", "picked", "prepay_process")]


def test_none_of_them_says_only_that_none_was_right():
    assert told([asked(1), turn(2, payload=NONE)]) == [("结清", "none_of_them", None)]


@pytest.mark.parametrize(
    "turns",
    [
        [asked(1)],
        [asked(1), turn(2, part("算了", "answer", "cancel"))],
        [asked(1), turn(2, payload="/human_agent"), turn(3, payload=PICK)],
        [asked(1), turn(2, part("利率多少", "answer", "rate_change")), turn(3, payload=PICK)],
        [asked(1, "结清", "balance_query", "overdue"), turn(2, payload=PICK)],
        [turn(1, payload=PICK)],
    ],
    ids=["unanswered", "other words", "another button", "late", "of an older question", "no question"],
)
def test_without_a_correction_of_its_own_a_question_back_is_no_miss(turns):
    assert told(turns) == []


def test_of_two_buttons_under_one_question_the_later_counts():
    again = '/balance_query{"as_asked": true}'
    assert told([asked(1), turn(2, payload=PICK), turn(3, payload=again)]) == [
        ("结清", "picked", "balance_query")
    ]


def test_of_two_parts_the_one_that_offered_the_button_is_labelled():
    both = turn(1, part("结清", "ask", "prepay_process"), part("要材料不", "ask", "materials"))
    (miss,) = misses_of([both, turn(2, payload=PICK)])
    assert (miss.text, miss.reference.part) == ("结清", 0)


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("电话13812345678", ()),
        ("电话１３８ １２３４ ５６７８", ()),
        ("身份证110101199003071234", ()),
        ("我卡6222 0212 3456 7890 123", ()),
        ("1.3.8.1.2.3.4.5.6.7.8打我", ()),
        ("FX2026110001到哪了", ({"type": "application_no", "start": 0, "end": 12},)),
        ("尾号123X", ({"type": "id_last4", "start": 2, "end": 6},)),
    ],
)
def test_what_tells_of_whom_it_speaks_is_masked_and_noticed(text, entities):
    masked, is_private = without_personal_data(text, entities)
    assert is_private
    digits = [char for char in masked if char.isdigit()]
    assert len(digits) <= 7


def test_money_and_terms_are_nobodys_secret():
    text = "贷1200000元30年利率3.05月供5091.73"
    assert without_personal_data(text) == (text, False)


async def test_misses_are_read_from_the_database_and_found_again_by_their_places(sessions: Sessions):
    failed = turn(3, part("没声音", "decline", "thanks"), of="c2")
    failed.outcome = TurnOutcome.FAILED.value
    turns = [
        turn(-9000, part("太久以前", "decline", "thanks")),
        asked(1),
        turn(1, part("别人的话", "decline", "thanks"), of="c2"),
        turn(2, payload=PICK),
        failed,
    ]
    async with sessions.begin() as session:
        for name in ("c1", "c2"):
            session.add(ConversationRow(id=name, channel="web", external_id=name, created_at=NOON))
        await session.flush()
        session.add_all(turns)
    found = await read_misses(sessions, NOON - timedelta(days=1))
    assert {(miss.text, miss.why) for miss in found} == {
        ("结清", Why.PICKED),
        ("别人的话", Why.DECLINED),
    }
    again = await read_again(sessions, [miss.reference for miss in found if miss.why is Why.PICKED])
    assert [miss.text for miss in again] == ["结清"]
    assert again[0].at.tzinfo is not None
