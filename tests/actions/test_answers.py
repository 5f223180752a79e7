"""Answers, misses, handoffs and cancelling."""

from __future__ import annotations

import pytest

from actions.answers import AnswerAction
from actions.cancel import CancelAction
from actions.colleagues import Colleagues
from actions.handoffs import HumanAgentAction
from actions.misses import ClarifyAction, NotUnderstoodAction, OutOfScopeAction
from actions.register import all_actions
from bot.messages import Handoff, TextPart
from bot.settings import ROOT
from tests.actions.said import TURN, Message, entity, run


async def test_an_answer_has_a_long_form_and_related_topics(colleagues: Colleagues) -> None:
    said = await run(
        AnswerAction(colleagues), Message("prepay_process", "怎么提前还款", slots={"misses": 1.0})
    )
    assert said.parts[0] == TextPart("在手机银行预约就可以。", "先预约，再存入款项。")
    assert said.payloads == ["/prepay_penalty", "/rate_change"]
    assert (said.slots["misses"], said.next_action) == (0.0, None)


async def test_figures_come_from_the_facts_of_the_day(colleagues: Colleagues) -> None:
    said = await run(AnswerAction(colleagues), Message("rate_change", "现在利率多少"))
    assert said.texts == ["LPR是3.50%。"]


async def test_a_pressed_topic_is_answered_by_the_words_asked_before(colleagues: Colleagues) -> None:
    message = Message("rate_change", "/rate_change", slots={"asked_text": "我的什么时候变"})
    said = await run(AnswerAction(colleagues), message)
    assert (said.texts, said.slots["asked_text"]) == (["在重定价日调整。"], None)


async def test_an_interrupted_form_asks_again_and_is_not_crowded_by_buttons(colleagues: Colleagues) -> None:
    said = await run(AnswerAction(colleagues), Message("prepay_process", loop="calculation_form"))
    assert (said.next_action, said.payloads) == ("calculation_form", [])


@pytest.mark.parametrize("topic", ["fees_tax", "materials"])
async def test_without_a_fact_or_an_answer_a_person_takes_over(colleagues: Colleagues, topic: str) -> None:
    said = await run(AnswerAction(colleagues), Message(topic, "契税多少"))
    assert said.parts[1] == Handoff("always_human", "before_loan", "客户问：契税多少")


RANKING = [
    ("prepay_penalty", "prepay_penalty", 0.4),
    ("calc_payment", "calc_payment", 0.3),
    ("adjust_last", "calc_payment", 0.1),
    ("out_of_scope", "out_of_scope", 0.1),
    ("rate_change", "rate_change", 0.1),
]


async def test_a_doubtful_guess_offers_three_topics_and_none(colleagues: Colleagues) -> None:
    message = Message("unsure", "那20万要多少", ranking=RANKING, entities=[entity("amount", 200000)])
    said = await run(ClarifyAction(colleagues), message)
    assert said.payloads == [
        '/prepay_penalty{"as_asked": true}',
        '/calc_payment{"as_asked": true}',
        '/rate_change{"as_asked": true}',
        '/human_agent{"none_of_them": true}',
    ]
    assert (said.slots["asked_text"], said.slots["misses"]) == ("那20万要多少", 1.0)
    assert said.slots["asked_entities"] == [entity("amount", 200000)]


async def test_the_first_miss_asks_for_other_words(colleagues: Colleagues) -> None:
    said = await run(NotUnderstoodAction(colleagues), Message("not_understood", "那个那个"))
    assert (said.slots["misses"], said.slots["completed_turn"]) == (1.0, TURN)
    assert not [part for part in said.parts if part.kind == "handoff"]


async def test_a_miss_inside_a_form_lets_the_form_ask_again(colleagues: Colleagues) -> None:
    message = Message("not_understood", loop="calculation_form")
    assert (await run(NotUnderstoodAction(colleagues), message)).next_action == "calculation_form"


@pytest.mark.parametrize("action", [ClarifyAction, NotUnderstoodAction, OutOfScopeAction])
async def test_the_second_miss_in_a_row_goes_to_a_person_with_both_questions(
    colleagues: Colleagues, action: type[ClarifyAction]
) -> None:
    message = Message(
        "not_understood",
        "到底怎么弄",
        slots={"misses": 1.0, "asked_text": "那个怎么弄"},
        ranking=[("prepay_process", "prepay_process", 0.2)],
        loop="calculation_form",
    )
    said = await run(action(colleagues), message)
    assert said.parts[1] == Handoff(
        "not_understood", "after_loan", "客户问：那个怎么弄；到底怎么弄（正在试算）"
    )
    assert said.ends_form
    assert said.next_action is None
    assert said.slots["misses"] == 0.0


async def test_none_of_them_goes_to_a_person_who_sees_what_was_asked(colleagues: Colleagues) -> None:
    message = Message(
        "human_agent",
        "/human_agent",
        entities=[entity("none_of_them", True)],
        slots={"misses": 1.0, "asked_text": "那个怎么弄"},
    )
    said = await run(HumanAgentAction(colleagues), message)
    assert said.parts[1] == Handoff("not_understood", "before_loan", "客户问：那个怎么弄")


async def test_a_person_is_called_when_asked_for(colleagues: Colleagues) -> None:
    said = await run(HumanAgentAction(colleagues), Message("human_agent", "转人工"))
    assert said.parts == [
        TextPart("好的，这就为您转人工客服。"),
        Handoff("asked", "before_loan", "客户问：转人工"),
    ]


async def test_cancelling_ends_the_form(colleagues: Colleagues) -> None:
    said = await run(CancelAction(colleagues), Message("cancel", loop="progress_form"))
    assert said.ends_form
    assert said.slots["id_last4"] is None
    assert said.slots["requested_slot"] is None


def test_every_action_of_the_domain_is_registered(colleagues: Colleagues) -> None:
    import yaml

    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert sorted(action.name() for action in all_actions(colleagues)) == sorted(domain["actions"])


def test_every_rule_ends_in_an_action_of_the_domain() -> None:
    import yaml

    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    rules = yaml.safe_load((ROOT / "data/dialogue/rules.yml").read_text(encoding="utf-8"))["rules"]
    intents = {next(iter(intent)) for intent in domain["intents"]}
    named = {step["intent"] for rule in rules for step in rule["steps"] if "intent" in step}
    acted = {step["action"] for rule in rules for step in rule["steps"] if "action" in step}
    assert named == intents
    assert acted <= {*domain["actions"], *domain["forms"]}
