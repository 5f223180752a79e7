"""The first words of a reply by how the customer sounds, and where an angry one stands in the queue."""

from __future__ import annotations

from typing import Any

import pytest

from actions.answers import AnswerAction
from actions.cancel import CancelAction
from actions.colleagues import Colleagues
from actions.handoffs import HumanAgentAction
from actions.misses import NotUnderstoodAction
from bot.messages import Handoff
from tests.actions.said import Message, Said, run, slot


async def told(colleagues: Colleagues, label: str, strength: int, turn: str = "turn-1", **slots: Any) -> Said:
    message = Message("rate_change", "现在利率多少", feeling=(label, strength), turn=turn, slots=slots)
    return await run(AnswerAction(colleagues), message)


@pytest.mark.parametrize(
    ("label", "strength"), [("worried", 1), ("worried", 2), ("angry", 1), ("urgent", 1), ("urgent", 2)]
)
async def test_a_feeling_is_spoken_to_first(colleagues: Colleagues, label: str, strength: int) -> None:
    said = await told(colleagues, label, strength)
    opening = said.texts[0].removesuffix("LPR是3.50%。")
    assert opening.endswith("。")
    assert said.slots["opening"]["is_said"]


async def test_a_calm_message_has_no_opening(colleagues: Colleagues) -> None:
    said = await told(colleagues, "calm", 0)
    assert said.texts == ["LPR是3.50%。"]
    assert "opening" not in said.slots


async def test_never_twice_in_a_row_and_never_the_same_words_next_time(colleagues: Colleagues) -> None:
    first = await told(colleagues, "worried", 1)
    second = await told(colleagues, "worried", 1, "turn-2", opening=first.slots["opening"])
    assert second.texts == ["LPR是3.50%。"]
    third = await told(colleagues, "worried", 1, "turn-3", opening=second.slots["opening"])
    assert third.texts[0] != first.texts[0]
    assert third.texts[0] != "LPR是3.50%。"


async def test_a_feeling_that_grows_is_heard(colleagues: Colleagues) -> None:
    first = await told(colleagues, "worried", 1)
    second = await told(colleagues, "worried", 2, "turn-2", opening=first.slots["opening"])
    assert second.texts[0] not in ("LPR是3.50%。", first.texts[0])


async def test_only_the_first_words_of_a_turn_get_it(colleagues: Colleagues) -> None:
    first = await told(colleagues, "worried", 1)
    message = Message(
        "cancel", "算了", feeling=("worried", 1), after=[slot("opening", first.slots["opening"])]
    )
    assert (await run(CancelAction(colleagues), message)).texts == ["好的。还有别的房贷问题可以直接问我。"]


@pytest.mark.parametrize(
    ("label", "strength", "shown"),
    [("worried", 2, True), ("urgent", 2, False), ("angry", 1, False)],
)
async def test_the_way_to_a_person_is_shown_in_distress(
    colleagues: Colleagues, label: str, strength: int, shown: bool
) -> None:
    assert ("/human_agent" in (await told(colleagues, label, strength)).payloads) is shown


async def test_a_reply_with_that_button_gets_no_second_one(colleagues: Colleagues) -> None:
    message = Message("not_understood", "唉怎么办", feeling=("worried", 2))
    assert (await run(NotUnderstoodAction(colleagues), message)).payloads == ["/human_agent"]


async def test_words_that_speak_to_it_already_stand_alone(colleagues: Colleagues) -> None:
    said = await run(NotUnderstoodAction(colleagues), Message("not_understood", "唉", feeling=("worried", 1)))
    assert said.texts == [colleagues.library.phrases.say("clarify.say_it_again")]
    assert not said.slots["opening"]["is_said"]


async def test_where_a_person_takes_over_nothing_goes_before(colleagues: Colleagues) -> None:
    said = await run(HumanAgentAction(colleagues), Message("human_agent", "叫人来", feeling=("angry", 2)))
    assert said.texts == ["好的，这就为您转人工客服。"]


async def test_a_person_is_told_how_the_customer_sounds(colleagues: Colleagues) -> None:
    said = await run(HumanAgentAction(colleagues), Message("human_agent", "叫人来", feeling=("angry", 2)))
    assert said.parts[1] == Handoff(
        "asked", "before_loan", "客户问：叫人来（听起来很生气，请先安抚）", is_urgent=True
    )


async def test_calm_words_after_angry_ones_do_not_hide_them(colleagues: Colleagues) -> None:
    before = await told(colleagues, "angry", 1)
    slots = {"opening": before.slots["opening"]}
    said = await run(HumanAgentAction(colleagues), Message("human_agent", "/human_agent", slots=slots))
    assert said.parts[1] == Handoff(
        "asked", "before_loan", "客户点击了转人工，没有写具体问题。（听起来不太满意）", is_urgent=True
    )
    later = await told(colleagues, "calm", 0, "turn-2", **slots)
    slots = {"opening": later.slots["opening"]}
    said = await run(
        HumanAgentAction(colleagues), Message("human_agent", "转人工", slots=slots, turn="turn-3")
    )
    assert said.parts[1] == Handoff("asked", "before_loan", "客户问：转人工")


@pytest.mark.parametrize(("label", "strength"), [("worried", 1), ("urgent", 1), ("calm", 0)])
async def test_mild_feelings_wait_their_turn(colleagues: Colleagues, label: str, strength: int) -> None:
    said = await run(HumanAgentAction(colleagues), Message("human_agent", "人工", feeling=(label, strength)))
    handoff = said.parts[1]
    assert isinstance(handoff, Handoff)
    assert not handoff.is_urgent
