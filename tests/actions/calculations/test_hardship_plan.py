"""Guidance in difficulty: every way side by side, what suits the customer, and a summary for an agent and to keep."""

from __future__ import annotations

from typing import Any

import pytest

from actions.calculations.begin import BeginCalculationAction
from actions.calculations.route import subject_of
from actions.calculations.run import CalculationAction
from actions.calculations.subjects.hardship_plan import HardshipPlan
from actions.colleagues import Colleagues
from actions.handoffs import HumanAgentAction
from actions.turn import Turn
from bot.knowledge.phrases import Phrases
from bot.knowledge.policy import PolicyBook
from bot.messages import File, Handoff
from bot.papers import SummaryPaper
from tests.actions.calculations.asked import kept
from tests.actions.calculations.running import Desk, rows
from tests.actions.said import Message, entity, run

OWED = {"balance": 800000, "remaining_months": 240, "annual_rate": "0.042"}
CUSTOMER = {**OWED, "cause": "lost_job", "late": "not_yet", "grace_months": 12}
PUBLISHED = "2,800.00元，之后 5,098.85元，多付利息 12,321.37元"  # as calc_interest_only.yml has checked


@pytest.fixture
def desk(policy: PolicyBook, words: Phrases) -> Desk:
    return Desk(policy, words)


def said_of(desk: Desk, **values: Any) -> str:
    return desk.result(HardshipPlan(), **{**CUSTOMER, **values}).says or ""


def test_every_way_that_lowers_the_payment_is_shown(desk: Desk) -> None:
    shown = rows(desk.result(HardshipPlan(), **CUSTOMER, reduced_payment=3000))
    assert shown["现在下一期还"] == "4,932.57元"
    assert shown["只还利息12个月"] == PUBLISHED
    assert shown["先少还12个月"].startswith("3,000.00元，之后")
    assert shown["展期60个月"].startswith("4,311.54元，多付利息")  # 800,000 over 300 months at 4.2 %
    assert "换成等额本息" not in shown


def test_another_method_helps_only_who_repays_equal_principal(desk: Desk) -> None:
    result = desk.result(HardshipPlan(), **CUSTOMER, reduced_payment=3000, method="equal_principal")
    assert rows(result)["换成等额本息"].startswith("4,932.57元，多付利息")
    assert result.card is not None
    assert not any("换成等额本金" in note for note in result.card.notes)


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({"reduced_payment": 3000}, "2 条路接得住；其中最省的是先少还12个月"),
        ({"reduced_payment": 4500}, "3 条路接得住；其中最省的是先少还12个月"),
        ({"reduced_payment": 2799}, "都还差一些，最低的是只还利息12个月，每月 2,800.00元"),
        ({"reduced_payment": 2800}, "接得住"),
        ({"reduced_payment": 5000}, "先别急着改合同"),
        ({"pays_nothing": True}, "拿不出钱也先别躲"),
    ],
)
def test_the_verdict_holds_against_what_can_be_paid(desk: Desk, values: dict[str, Any], verdict: str) -> None:
    assert verdict in said_of(desk, **values)


def test_nothing_is_agreed_below_the_interest(desk: Desk) -> None:
    assert "先少还12个月" not in rows(desk.result(HardshipPlan(), **CUSTOMER, reduced_payment=2799))


def test_the_term_grows_only_as_far_as_the_law_allows(desk: Desk) -> None:
    short = {**CUSTOMER, "remaining_months": 40, "pays_nothing": True}
    assert "展期20个月" in rows(desk.result(HardshipPlan(), **short))
    longest = {**CUSTOMER, "term_months": 480, "pays_nothing": True}
    assert not any(label.startswith("展期") for label in rows(desk.result(HardshipPlan(), **longest)))


@pytest.mark.parametrize("cause", ["lost_job", "less_income", "illness", "family", "other"])
@pytest.mark.parametrize("late", ["not_yet", "days", "long"])
def test_each_situation_has_its_words_and_its_papers(desk: Desk, cause: str, late: str) -> None:
    result = desk.result(HardshipPlan(), **{**CUSTOMER, "cause": cause, "late": late}, pays_nothing=True)
    assert result.summary is not None
    assert result.caution in result.summary.sections[-1].paragraphs
    assert rows(result)["要准备的"].startswith("申请书、")


@pytest.mark.parametrize(
    ("text", "wanted", "said"),
    [
        ("被裁员了", "cause", {"cause": "lost_job"}),
        ("我住院了", None, {"cause": "illness"}),
        ("还没", "late", {"late": "not_yet"}),
        ("晚了三天", "late", {"late": "days"}),
        ("没逾期会上征信吗", "late", {}),
        ("拿不出来", "reduced_payment", {"pays_nothing": True}),
    ],
)
def test_words_settle_what_was_asked(desk: Desk, text: str, wanted: str | None, said: dict[str, Any]) -> None:
    assert desk.heard(HardshipPlan(), text, wanted=wanted).said == said


def test_an_option_nobody_offered_is_refused(desk: Desk) -> None:
    field = HardshipPlan.field("cause")
    assert field.judge is not None
    assert field.judge(desk.rules, "made_up") is not None
    assert field.judge(desk.rules, "illness") is None


@pytest.mark.parametrize(
    ("text", "is_meant"),
    [("失业了帮我看看怎么办", True), ("还不上了怎么办", False), ("还不上了，给我几个方案", True)],
)
def test_guidance_begins_when_it_is_asked_for_and_the_answer_comes_first(text: str, is_meant: bool) -> None:
    subject = subject_of(Turn.of(Message("extension_hardship", text).tracker()))
    assert isinstance(subject, HardshipPlan) == is_meant


async def test_the_summary_goes_to_the_customer_and_to_the_agent(colleagues: Colleagues) -> None:
    slot = kept("hardship_plan", **CUSTOMER, reduced_payment=3000)
    done = await run(CalculationAction(colleagues), Message("inform", "/inform", slots={"calculation": slot}))
    last = done.slots["last_calculation"]
    press = Message(
        "calc_payment", "/calc_payment", entities=[entity("paper", True)], slots={"last_calculation": last}
    )
    (file,) = [
        part
        for part in (await run(BeginCalculationAction(colleagues), press)).parts
        if isinstance(part, File)
    ]
    assert file.name == "还款困难方案对比-2026-11-22.pdf"
    paper = colleagues.papers.paper(file.url)
    assert paper.content.startswith(b"%PDF")
    assert len(paper.content) == file.size
    spec = colleagues.papers.spec(file.url)
    assert isinstance(spec, SummaryPaper)
    assert ("只还利息12个月", "2,800.00元", "5,098.85元", "12,321.37元") in spec.sections[1].table

    human = Message("human_agent", "/human_agent", slots={"last_calculation": last})
    (handoff,) = [
        part for part in (await run(HumanAgentAction(colleagues), human)).parts if isinstance(part, Handoff)
    ]
    assert "没了工作" in handoff.summary
    assert "每月能拿出：3,000.00元" in handoff.summary


@pytest.mark.parametrize(
    ("text", "late"),
    [
        ("房贷晚了几天，帮我看看怎么办", "days"),
        ("已经逾期三个月了", "long"),
        ("还没逾期", "not_yet"),
        ("再宽限几天行吗", None),
    ],
)
def test_arrears_that_were_named_at_the_start_are_not_asked_about(
    desk: Desk, text: str, late: str | None
) -> None:
    assert desk.heard(HardshipPlan(), text).said.get("late") == late


def test_another_time_to_recover_changes_nothing_else(desk: Desk) -> None:
    """「缓两年」 is no remaining term of two years."""
    assert desk.heard(HardshipPlan(), "缓两年呢", CUSTOMER).said == {"grace_months": 24}


def test_the_extension_that_is_compared_is_the_banks_to_set(desk: Desk, policy: PolicyBook) -> None:
    """A loan of eight years left may be extended by four at least, whatever its original term."""
    shown = rows(desk.result(HardshipPlan(), **{**CUSTOMER, "remaining_months": 96}, reduced_payment=3000))
    assert "展期48个月" in shown
    assert policy.fact("guidance.extension_months", desk.today).whole == 60
