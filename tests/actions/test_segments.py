"""Which group a customer said they belong to: heard, remembered, met in its own way, and never guessed from a question."""

from __future__ import annotations

import pytest

from actions.answers import AnswerAction
from actions.base import TurnAction
from actions.calculations.begin import BeginCalculationAction
from actions.colleagues import Colleagues
from actions.misses import ClarifyAction, NotUnderstoodAction, OutOfScopeAction
from actions.segments import MET, Segments, asker
from actions.turn import Turn
from tests.actions.said import Message, entity, run


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("我第一次买房，什么都不懂", ("first_home",)),
        ("我想换房", ("upgrader",)),
        ("我是跑外卖的", ("new_citizen",)),
        ("我开网约车，还开了个小店", ("new_citizen", "self_employed")),
        ("我开店的", ("self_employed",)),
        ("我是加拿大人", ("foreigner",)),
        ("I am a foreigner", ("foreigner",)),
        ("外籍", ("foreigner",)),
        ("我的房贷已经还了三年", ("borrower_after_loan",)),
        ("外国人能贷款吗", ()),  # asks about others
        ("我朋友是外国人", ()),
        ("我不是第一次买房", ()),
        ("利率多少", ()),
    ],
)
def test_only_what_customers_say_of_themselves_counts(text: str, groups: tuple[str, ...]) -> None:
    assert Segments.said(text).groups == groups


async def test_it_is_remembered_for_the_conversation_and_the_last_said_comes_first(
    colleagues: Colleagues,
) -> None:
    first = await run(AnswerAction(colleagues), Message("rate_change", "我开店的，现在利率多少"))
    kept = first.slots["audience"]
    assert kept == {"groups": ["self_employed"], "words": ["开店"]}
    again = await run(
        AnswerAction(colleagues), Message("rate_change", "现在利率多少", slots={"audience": kept})
    )
    assert "audience" not in again.slots
    turn = Turn.of(Message("rate_change", "我是香港人，利率多少", slots={"audience": kept}).tracker())
    assert asker(turn).audience == ("foreigner", "self_employed")
    assert asker(turn).words == "香港人 开店"


@pytest.mark.parametrize("action", [AnswerAction, ClarifyAction, NotUnderstoodAction, OutOfScopeAction])
@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("我第一次买房", "first_home"),
        ("我想换房", "upgrader"),
        ("我是送外卖的", "new_citizen"),
        ("我做生意的", "self_employed"),
        ("我是外国人", "foreigner"),
    ],
)
async def test_each_group_is_met_with_an_opening_and_steps_of_its_own(
    colleagues: Colleagues, action: type[TurnAction], text: str, group: str
) -> None:
    """Whatever the message was taken for: who says who they are is not told that we cannot help."""
    said = await run(action(colleagues), Message("rate_change", text))
    assert said.texts == [colleagues.library.phrases.say(f"segments.opening.{group}")]
    assert len(said.payloads) == 4
    assert said.slots["misses"] == 0.0


def test_no_two_groups_are_met_alike(colleagues: Colleagues) -> None:
    say = colleagues.library.phrases.say
    assert len({say(f"segments.opening.{group}") for group in MET}) == len(MET) == 5
    assert len({say(f"needs.ask_{group}.price") for group in MET}) == 5


async def test_a_question_of_theirs_is_answered_and_not_greeted(colleagues: Colleagues) -> None:
    said = await run(AnswerAction(colleagues), Message("rate_change", "我是外国人，现在利率多少"))
    assert said.texts[0].startswith("LPR是")


async def test_guidance_begins_with_the_groups_own_question(colleagues: Colleagues) -> None:
    slots = {"audience": {"groups": ["upgrader"], "words": ["换房"]}}
    message = Message("calc_payment", entities=[entity("subject", "needs")], slots=slots)
    begun = await run(BeginCalculationAction(colleagues), message)
    assert begun.slots["calculation"]["values"]["segment"] == ["upgrader", "carried"]


@pytest.mark.parametrize("action", [OutOfScopeAction, NotUnderstoodAction, ClarifyAction])
async def test_the_words_of_a_guidance_are_plain_whatever_they_were_taken_for(
    colleagues: Colleagues, action: type[TurnAction]
) -> None:
    said = await run(action(colleagues), Message("out_of_scope", "我是跑外卖的，想买房，帮我规划一下"))
    assert said.slots["calculation"]["subject"] == "needs"
    assert said.next_action == "calculation_form"
    cat = await run(action(colleagues), Message("out_of_scope", "猫病了帮我看看怎么办"))
    assert "calculation" not in cat.slots
