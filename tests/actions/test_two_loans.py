"""A customer with two loans: how they name one, what is told of both, and that nothing is done with one unasked."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from actions.answers import AnswerAction
from actions.calculations.begin import BeginCalculationAction
from actions.calculations.form import AskCalculationInput, ValidateCalculationForm
from actions.colleagues import Colleagues
from actions.loan_choice import ALL, as_said, means_all, pointed, says_nothing_else
from actions.loan_questions import OwnLoan, Question
from actions.misses import ClarifyAction, NotUnderstoodAction
from actions.my_loan import MyLoanAction
from actions.requests.form import AskRequestInput, ValidateRequestForm
from bot.knowledge.policy import PolicyBook
from bot.messages import Card
from bot.servicing.loan_brief import LoanBrief
from bot.servicing.model import LoanKind, LoanOnRecord
from bot.servicing.requests import Reason, RequestRefused
from tests.actions.calculations.asked import found
from tests.actions.conftest import ScriptedRequests, ScriptedServicing
from tests.actions.requests.test_request_form import DRAFT, in_form, pressed, slot_of
from tests.actions.said import Message, Said, entity, run
from tests.actions.test_my_loan import LOAN, view

FUND = LoanKind.PROVIDENT_FUND
COMMERCIAL_REF, FUND_REF = f"{LOAN}/commercial", f"{LOAN}/provident_fund"
OF_FUND: dict[str, Any] = {
    "kind": FUND,
    "balance": Decimal(40_000),
    "annual_rate": Decimal("0.026"),
    "account_tail": "8765",
    "spread_bp": None,
    "repricing": None,
}


@pytest.fixture
def two(servicing: ScriptedServicing, policy: PolicyBook) -> ScriptedServicing:
    """100,000 at 3.6 % and 40,000 of the fund's at 2.6 %, 40 months left of each, principal in equal parts."""
    servicing.verified.add(LOAN)
    servicing.own_loans = (view(policy), view(policy, LOAN, **OF_FUND))
    return servicing


@pytest.fixture
def briefs(requests: ScriptedRequests, two: ScriptedServicing) -> ScriptedRequests:
    requests.is_known = True
    requests.own_loans = tuple(
        LoanBrief(
            application_no=LOAN,
            kind=one.record.kind,
            principal=one.record.principal,
            balance=one.record.balance,
            account_tail=one.record.account_tail,
            is_settled=False,
        )
        for one in two.own_loans
    )
    return requests


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("公积金那笔", {"kind": "provident_fund"}),
        ("不对，是公积金那笔", {"kind": "provident_fund"}),
        ("不是商贷，是公积金那笔", {"kind": "provident_fund"}),
        ("商贷部分", {"kind": "commercial"}),
        ("商业贷款那一笔", {"kind": "commercial"}),
        ("组合贷里公积金的部分", {"kind": "provident_fund"}),
        ("第二笔", {"place": 2}),
        ("最后一笔", {"place": -1}),
        ("尾号1234的那笔", {"tail": "1234"}),
        ("帮我把公积金贷款提前还10万", {"kind": "provident_fund"}),
        ("用公积金提前还款", None),
        ("提取公积金还贷款", None),
        ("公积金和商贷都看看", None),
        ("公积金能贷多少", None),
        ("提前还一部分", None),
        ("1234", None),
    ],
)
def test_the_loan_is_read_from_words(text: str, hint: dict[str, Any] | None) -> None:
    said, _ = pointed(text)
    assert (as_said(said) if said else None) == hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("公积金", {"kind": "provident_fund"}),
        ("商业的吧", {"kind": "commercial"}),
        ("1234", {"tail": "1234"}),
        ("尾号1234的", {"tail": "1234"}),
        ("2", {"place": 2}),
        ("第一个", {"place": 1}),
    ],
)
def test_who_was_asked_needs_fewer_words(text: str, hint: dict[str, Any]) -> None:
    said, left = pointed(text, is_asked=True)
    assert said is not None
    assert (as_said(said), says_nothing_else(left)) == (hint, True)


def test_all_of_them_is_read_too() -> None:
    assert means_all("两笔都要改")
    assert means_all("我一共欠多少")
    assert not means_all("公积金那笔")


def rows(said: Said) -> dict[str, str]:
    return {row.label: row.value for part in said.parts if isinstance(part, Card) for row in part.rows}


async def ask(colleagues: Colleagues, question: Question, **more: object) -> Said:
    slot = OwnLoan(question).to_slot() | more
    return await run(MyLoanAction(colleagues), Message("balance_query", slots={"own_loan": slot}))


async def test_both_are_told_with_their_sums(colleagues: Colleagues, two: ScriptedServicing) -> None:
    """2,500.00 + 300.00 of the one, 1,000.00 + 86.67 of the other."""
    said = await ask(colleagues, Question.BALANCE)
    assert "有 2 笔，一共还欠本金 140,000.00元，下一期合计要还 3,886.67元" in said.texts[0]
    told = rows(said)
    assert "2,800.00元" in told["商业贷款（账户尾号1234）"]
    assert "1,086.67元" in told["公积金贷款（账户尾号8765）"]
    assert told["合计剩余本金"] == "140,000.00元"
    assert said.slots["own_loan"]["loan"] is None
    assert [json.loads(each.removeprefix("/balance_query"))["loan"] for each in said.payloads] == [
        COMMERCIAL_REF,
        FUND_REF,
    ]


async def test_the_years_interest_is_told_a_loan_and_deducted_once(
    colleagues: Colleagues, two: ScriptedServicing
) -> None:
    said = await ask(colleagues, Question.YEAR, year=2026)
    assert rows(said)["商业贷款（账户尾号1234）"].startswith("利息2,400.00元")
    assert rows(said)["合计已还利息"] == "4,800.00元"
    assert any("也不因为有几笔贷款就多扣一份" in text for text in said.texts)


async def test_rates_stand_side_by_side(colleagues: Colleagues, two: ScriptedServicing) -> None:
    told = rows(await ask(colleagues, Question.RATE))
    assert told["公积金贷款（账户尾号8765）"] == "2.60%，跟着公积金利率走"
    assert told["商业贷款（账户尾号1234）"].startswith("3.60%，下一个重定价日")


async def test_one_is_told_by_itself_with_the_way_back(
    colleagues: Colleagues, two: ScriptedServicing
) -> None:
    said = await ask(colleagues, Question.BALANCE, loan={"kind": "provident_fund"})
    assert "40,000.00元" in said.texts[0]
    assert said.slots["own_loan"]["loan"] == FUND_REF
    assert json.loads(said.payloads[-1].removeprefix("/balance_query"))["loan"] == ALL
    again = await ask(colleagues, Question.BALANCE, loan=ALL)
    assert "有 2 笔" in again.texts[0]


async def test_a_loan_that_nobody_has_is_said_to_be_none(
    colleagues: Colleagues, two: ScriptedServicing
) -> None:
    said = await ask(colleagues, Question.BALANCE, loan={"tail": "9999"})
    assert said.texts[0] == "您名下没有这样一笔贷款。"
    assert "有 2 笔" in said.texts[1]


@pytest.mark.parametrize("action", [AnswerAction, ClarifyAction, NotUnderstoodAction])
async def test_pointing_words_lead_from_the_list_to_one(
    colleagues: Colleagues, two: ScriptedServicing, action: type
) -> None:
    slots = {"own_loan": OwnLoan(Question.NEXT).to_slot()}
    led = await run(action(colleagues), Message("provident_fund", "公积金那笔呢", slots=slots))
    assert led.next_action == "action_my_loan"
    assert led.slots["own_loan"]["loan"] == {"kind": "provident_fund"}
    assert led.slots["own_loan"]["question"] == "next"


async def test_a_bare_kind_points_only_right_after_the_list(
    colleagues: Colleagues, two: ScriptedServicing
) -> None:
    kept = OwnLoan(Question.NEXT, turn="turn-0").to_slot()
    message = Message("unsure", "公积金的呢", slots={"own_loan": kept, "last_reply": {"turn": "turn-0"}})
    assert (await run(ClarifyAction(colleagues), message)).next_action == "action_my_loan"
    later = Message("unsure", "公积金的呢", slots={"own_loan": kept, "last_reply": {"turn": "turn-5"}})
    assert (await run(ClarifyAction(colleagues), later)).next_action != "action_my_loan"


async def test_a_request_asks_first_which_loan(colleagues: Colleagues, briefs: ScriptedRequests) -> None:
    kept = slot_of("day_change") | {"begun_by": "turn-1"}
    said = await run(
        ValidateRequestForm(colleagues),
        Message("inform", "我想改还款日", slots={"request": kept}, loop="request_form", after=[]),
    )
    asked = said.slots["request"]
    assert (asked["wants"], asked["values"]["loans"]) == ("loan", [COMMERCIAL_REF, FUND_REF])
    assert briefs.prepared == []
    said = await run(
        AskRequestInput(colleagues),
        Message("inform", "我想改还款日", slots={"request": asked}, loop="request_form"),
    )
    assert said.texts == ["您名下有 2 笔可以办的贷款，这次要改还款日的是哪一笔？"]
    assert [json.loads(each.removeprefix("/inform")) for each in said.payloads] == [
        {"loan": COMMERCIAL_REF},
        {"loan": FUND_REF},
    ]


LOANS = [COMMERCIAL_REF, FUND_REF]


@pytest.mark.parametrize("text", ["公积金那笔", "公积金", "第二笔", "尾号8765的", "8765"])
async def test_the_loan_is_named_in_words(
    colleagues: Colleagues, briefs: ScriptedRequests, text: str
) -> None:
    kept = slot_of("day_change", new_day=20, loans=LOANS)
    briefs.draft = DRAFT
    said = await run(ValidateRequestForm(colleagues), in_form(text, intent="unsure", kept=kept))
    assert said.slots["request"]["values"] == {"new_day": 20, "loan": FUND_REF, "loans": LOANS}
    assert [str(loan) for loan in briefs.prepared_for] == [FUND_REF]
    assert briefs.prepared == [("day_change", {"new_day": 20})]


async def test_the_loan_is_pressed_and_corrected_later(
    colleagues: Colleagues, briefs: ScriptedRequests
) -> None:
    briefs.draft = DRAFT
    kept = slot_of("day_change", new_day=20, loans=LOANS)
    said = await run(ValidateRequestForm(colleagues), pressed(entity("loan", FUND_REF), kept=kept))
    assert said.slots["request"]["values"]["loan"] == FUND_REF
    said = await run(
        ValidateRequestForm(colleagues),
        in_form("不对，是商贷那笔", intent="provident_fund", kept=said.slots["request"]),
    )
    assert said.slots["request"]["values"]["loan"] == COMMERCIAL_REF
    assert [str(loan) for loan in briefs.prepared_for] == [FUND_REF, COMMERCIAL_REF]


async def test_words_that_fit_no_loan_are_said_to(colleagues: Colleagues, briefs: ScriptedRequests) -> None:
    kept = slot_of("day_change", new_day=20, loans=LOANS)
    said = await run(ValidateRequestForm(colleagues), in_form("尾号9999的", intent="unsure", kept=kept))
    assert said.texts == ["您名下没有这样一笔贷款，请看看是下面哪一笔。"]
    assert (said.slots["request"]["wants"], briefs.prepared) == ("loan", [])


async def test_both_at_once_are_done_one_by_one(colleagues: Colleagues, briefs: ScriptedRequests) -> None:
    kept = slot_of("day_change", new_day=20, loans=LOANS)
    said = await run(ValidateRequestForm(colleagues), in_form("两笔都改", intent="unsure", kept=kept))
    assert "一次办一笔" in said.texts[0]


async def test_a_part_of_a_loan_is_no_part_of_a_sum(colleagues: Colleagues, briefs: ScriptedRequests) -> None:
    kept = slot_of("prepayment", loans=LOANS)
    said = await run(ValidateRequestForm(colleagues), in_form("公积金部分", intent="unsure", kept=kept))
    assert said.slots["request"]["values"] == {"loan": FUND_REF, "loans": LOANS}


async def test_what_the_fund_centre_decides_goes_to_a_person(
    colleagues: Colleagues, briefs: ScriptedRequests
) -> None:
    briefs.refusal = RequestRefused(Reason.FUND_CENTRE)
    kept = slot_of("day_change", new_day=20, loans=LOANS)
    said = await run(ValidateRequestForm(colleagues), in_form("公积金那笔", intent="unsure", kept=kept))
    assert "由公积金中心决定" in said.texts[0]
    assert any(part.kind == "handoff" for part in said.parts)


ON_RECORD = LoanOnRecord(
    application_no=LOAN,
    kind=FUND,
    principal=Decimal(120_000),
    balance=Decimal(40_000),
    annual_rate=Decimal("0.026"),
    term_months=48,
    paid_months=8,
    method="equal_principal",
    repayment_day=20,
    spread_bp=None,
)


async def test_a_calculation_asks_which_loan_too(colleagues: Colleagues, two: ScriptedServicing) -> None:
    two.loan = ON_RECORD
    text = "提前还1万能省多少利息"
    begun = await run(
        BeginCalculationAction(colleagues),
        Message("calc_payment", text, "prepay_process", entities=found(text, ("amount", 10000, "1万"))),
    )
    slot = begun.slots["calculation"]
    assert (slot["chooses"], "balance" in slot["values"]) == (True, False)
    looped = {"slots": {"calculation": slot}, "loop": "calculation_form"}
    asked = await run(AskCalculationInput(colleagues), Message("inform", text, **looped))  # type: ignore[arg-type]
    assert asked.texts == ["您名下有 2 笔在还的贷款，按哪一笔来算？"]
    said = await run(
        ValidateCalculationForm(colleagues),
        Message("unsure", "公积金那笔", turn="turn-2", **looped),  # type: ignore[arg-type]
    )
    slot = said.slots["calculation"]
    assert (slot["loan"], slot["chooses"]) == (FUND_REF, False)
    assert slot["values"]["balance"] == ["40000", "record"]
    assert slot["values"]["prepay_amount"][0] == 10000


async def test_the_loan_of_the_calculation_before_is_meant_again(
    colleagues: Colleagues, two: ScriptedServicing
) -> None:
    two.loan = ON_RECORD
    text = "提前还2万能省多少利息"
    message = Message(
        "calc_payment",
        text,
        "prepay_process",
        entities=found(text, ("amount", 20000, "2万")),
        slots={"own_loan": OwnLoan(Question.NEXT, loan=FUND_REF).to_slot()},
    )
    slot = (await run(BeginCalculationAction(colleagues), message)).slots["calculation"]
    assert (slot["loan"], slot["chooses"]) == (FUND_REF, False)
