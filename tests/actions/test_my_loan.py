"""What is asked of the own loan, who gets it, and how it is told."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from actions.answers import AnswerAction
from actions.colleagues import Colleagues
from actions.loan_questions import OwnLoan, Question, own_question
from actions.misses import ClarifyAction
from actions.my_loan import MyLoanAction
from actions.progress import ProgressAction
from bot.knowledge.policy import PolicyBook
from bot.lending import Method
from bot.messages import Card, File
from bot.papers.spec import SchedulePaper
from bot.servicing.loan_view import LoanRecord, LoanView, Repayment, RepricingRule, view_of
from bot.servicing.model import LoanKind, LoanState, RepaymentKind
from tests.actions.conftest import ScriptedServicing
from tests.actions.said import Message, Said, entity, run
from tests.actions.test_progress import NO, approval

TODAY = date(2026, 11, 22)
LOAN, SECOND = "FX2023030001", "FX2024050001"


def record(number: str = LOAN, **changes: object) -> LoanRecord:
    values: dict[str, object] = {
        "application_no": number,
        "loan_no": f"DK{number[2:]}",
        "kind": LoanKind.COMMERCIAL,
        "state": LoanState.RUNNING,
        "principal": Decimal("120000.00"),
        "balance": Decimal("100000.00"),
        "annual_rate": Decimal("0.036"),
        "method": Method.EQUAL_PRINCIPAL,
        "term_months": 48,
        "repayment_day": 20,
        "first_due": date(2026, 4, 20),
        "paid_out_on": date(2026, 3, 25),
        "account_tail": "1234",
        "is_floating": True,
        "spread_bp": -45,
        "repricing": RepricingRule(month=1, day=1, cycle_months=12, spread_bp=-45),
        "arrears_amount": Decimal(0),
        "arrears_since": None,
    }
    return LoanRecord(**{**values, **changes})  # type: ignore[arg-type]


def paid(
    month: int, interest: str = "300.00", paid_on: date | None = None, is_paid: bool = True
) -> Repayment:
    due = date(2026, month, 20)
    return Repayment(
        kind=RepaymentKind.INSTALMENT,
        due_on=due,
        paid_on=(paid_on or due) if is_paid else None,
        principal=Decimal("2500.00"),
        interest=Decimal(interest),
        penalty=Decimal(0),
        balance_after=None,
    )


def view(policy: PolicyBook, number: str = LOAN, *lines: Repayment, **changes: object) -> LoanView:
    history = lines or tuple(paid(month) for month in range(4, 12))
    return view_of(record(number, **changes), history, policy, TODAY)


@pytest.fixture
def verified(servicing: ScriptedServicing, policy: PolicyBook) -> ScriptedServicing:
    servicing.verified.add(LOAN)
    servicing.own_loans = (view(policy),)
    return servicing


async def ask(colleagues: Colleagues, question: Question, **more: object) -> Said:
    slot = OwnLoan(question).to_slot() | more
    return await run(MyLoanAction(colleagues), Message("balance_query", slots={"own_loan": slot}))


def rows(said: Said) -> dict[str, str]:
    return {row.label: row.value for part in said.parts if isinstance(part, Card) for row in part.rows}


@pytest.mark.parametrize(
    ("topic", "text", "question"),
    [
        ("balance_query", "我还欠多少", Question.BALANCE),
        ("balance_query", "剩余本金", Question.BALANCE),
        ("balance_query", "下期什么时候扣", Question.NEXT),
        ("balance_query", "这个月该还多少", Question.NEXT),
        ("repayment_account", "我的还款日是哪天", Question.NEXT),
        ("balance_query", "还剩几期", Question.PERIODS),
        ("balance_query", "哪年能还清", Question.PERIODS),
        ("rate_change", "我的利率是多少", Question.RATE),
        ("rate_change", "什么时候重定价", Question.REPRICING),
        ("rate_change", "我的利率什么时候调整", Question.REPRICING),
        ("balance_query", "还了多少利息", Question.INTEREST),
        ("balance_query", "我交了多少利息", Question.INTEREST),
        ("balance_query", "还款记录", Question.HISTORY),
        ("balance_query", "今年交了多少利息", Question.YEAR),
        ("fees_tax", "去年的房贷利息是多少", Question.YEAR),
    ],
)
def test_words_ask_for_a_figure(topic: str, text: str, question: Question) -> None:
    asked = own_question(_turn(topic, text), 2026)
    assert asked is not None
    assert asked.question is question


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("balance_query", "怎么查余额"),
        ("balance_query", "还了五年怎么还剩这么多本金"),
        ("balance_query", "账单在哪"),
        ("balance_query", "为什么余额对不上"),
        ("balance_query", "现在提前结清一共要多少"),
        ("rate_change", "现在利率多少"),
        ("rate_change", "重定价日是什么意思"),
        ("prepay_process", "我还欠多少可以提前还"),
        ("calc_payment", "今年还了多少利息"),  # nobody's own: no 「我」
    ],
)
def test_words_ask_for_something_else(topic: str, text: str) -> None:
    assert own_question(_turn(topic, text), 2026) is None


def test_an_amount_in_the_words_is_a_calculation() -> None:
    assert own_question(_turn("balance_query", "我还欠80万", entity("amount", 800000)), 2026) is None


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("今年交了多少利息", 2026),
        ("去年交了多少利息", 2025),
        ("前年的利息多少", 2024),
        ("2023年还了多少利息", 2023),
    ],
)
def test_the_year_is_the_one_that_was_named(text: str, year: int) -> None:
    asked = own_question(_turn("balance_query", text), 2026)
    assert asked is not None
    assert asked.year == year


def _turn(topic: str, text: str, *entities: dict):  # type: ignore[type-arg, no-untyped-def]
    from actions.turn import Turn

    return Turn.of(Message(topic, text, entities=list(entities)).tracker())


async def test_who_is_not_verified_gets_the_answer_and_the_way(colleagues: Colleagues) -> None:
    said = await run(AnswerAction(colleagues), Message("rate_change", "我的利率是多少"))
    assert said.texts == ["LPR是3.50%。"]
    assert json.loads(said.payloads[0].removeprefix("/balance_query")) == {"about": "rate"}
    assert said.next_action is None


async def test_a_form_that_is_open_is_not_crowded_by_the_way(colleagues: Colleagues) -> None:
    message = Message("rate_change", "我的利率是多少", loop="calculation_form")
    assert (await run(AnswerAction(colleagues), message)).payloads == []


async def test_who_is_verified_is_led_to_the_figures(
    colleagues: Colleagues, verified: ScriptedServicing
) -> None:
    said = await run(AnswerAction(colleagues), Message("rate_change", "我的利率是多少"))
    assert (said.parts, said.next_action) == ([], "action_my_loan")
    assert said.slots["own_loan"] == {"question": "rate", "year": None, "loan": None, "turn": ""}


async def test_the_button_asks_who_it_is_and_remembers_the_question(colleagues: Colleagues) -> None:
    pressed = Message("balance_query", "/balance_query", entities=[entity("about", "next")])
    said = await run(AnswerAction(colleagues), pressed)
    assert said.next_action == "action_my_loan"
    said = await run(
        MyLoanAction(colleagues), Message("balance_query", slots={"own_loan": said.slots["own_loan"]})
    )
    assert said.next_action == "progress_form"
    assert said.slots["verification_purpose"] == "loan"
    assert said.slots["own_loan"]["question"] == "next"


async def test_once_verified_the_loan_is_told_and_not_the_progress(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    servicing.verified.add(NO)
    servicing.told = approval()
    slots = {"application_no": NO, "verification_purpose": "loan"}
    said = await run(ProgressAction(colleagues), Message("inform", slots=slots))
    assert (said.parts, said.next_action) == ([], "action_my_loan")
    assert said.slots["verification_purpose"] is None


async def test_a_doubtful_guess_of_a_verified_customer_is_settled_by_words(
    colleagues: Colleagues, verified: ScriptedServicing
) -> None:
    ranking = [("overdue", "overdue", 0.4), ("balance_query", "balance_query", 0.3)]
    message = Message("unsure", "我还欠多少", topic="overdue", ranking=ranking)
    assert (await run(ClarifyAction(colleagues), message)).next_action == "action_my_loan"


async def test_the_balance_comes_with_the_next_payment(
    colleagues: Colleagues, verified: ScriptedServicing
) -> None:
    """40 months are left: 2,500.00 of principal and 100,000 · 3.6 % / 12 = 300.00 of interest."""
    said = await ask(colleagues, Question.BALANCE)
    assert said.texts == ["您现在还欠本金 100,000.00元，2026年12月20日要还 2,800.00元，还剩 40 期。"]
    assert rows(said) | {"期数": "共48期，还剩40期", "扣款账户尾号": "1234", "年利率": "3.60%"} == rows(said)
    assert said.next_action == "action_listen"


async def test_a_rate_tells_what_it_would_become(
    colleagues: Colleagues, verified: ScriptedServicing, policy: PolicyBook
) -> None:
    """A loan of 48 months follows the one-year LPR."""
    lpr = policy.fact("lpr.one_year", TODAY).fraction
    then = f"{(lpr - Decimal('0.0045')) * 100:.2f}%"
    said = await ask(colleagues, Question.REPRICING)
    assert f"从 3.60% 变成 {then}" in said.texts[0]
    assert "2027年1月1日" in said.texts[0]


async def test_a_fixed_rate_has_no_day(
    colleagues: Colleagues, servicing: ScriptedServicing, policy: PolicyBook
) -> None:
    servicing.verified.add(LOAN)
    servicing.own_loans = (view(policy, is_floating=False, repricing=None),)
    assert (await ask(colleagues, Question.RATE)).texts == ["您的年利率是 3.60%，固定不变，没有重定价日。"]


async def test_paid_interest_is_summed(colleagues: Colleagues, verified: ScriptedServicing) -> None:
    said = await ask(colleagues, Question.INTEREST)
    assert said.texts == ["到今天为止，您一共还了利息 2,400.00元、本金 20,000.00元。"]


async def test_an_incomplete_history_says_from_when(
    colleagues: Colleagues, servicing: ScriptedServicing, policy: PolicyBook
) -> None:
    servicing.verified.add(LOAN)
    servicing.own_loans = (view(policy, LOAN, paid(9), paid(10)),)
    said = await ask(colleagues, Question.YEAR)
    assert said.texts[0].startswith(
        "2026年到今天为止，从2026年9月20日起（之前的不在我这边的记录里），您还了利息 600.00元"
    )


async def test_the_history_shows_twelve_lines_and_gives_all_as_a_file(
    colleagues: Colleagues, servicing: ScriptedServicing, policy: PolicyBook
) -> None:
    lines = [paid(month) for month in range(1, 12)]
    older = [
        Repayment(
            kind=RepaymentKind.INSTALMENT,
            due_on=date(2025, month, 20),
            paid_on=date(2025, month, 23),
            principal=Decimal(2500),
            interest=Decimal(320),
            penalty=Decimal("4.20"),
            balance_after=None,
        )
        for month in (10, 11, 12)
    ]
    servicing.verified.add(LOAN)
    servicing.own_loans = (view(policy, LOAN, *lines, *older, first_due=date(2025, 10, 20)),)
    said = await ask(colleagues, Question.HISTORY)
    assert said.texts == ["这是最近 12 笔还款，全部 14 笔在下面的表格里。"]
    assert len(rows(said)) == 12
    assert rows(said)["2025年12月20日"].endswith("罚息4.20元） 12月23日才还上")
    (file,) = [part for part in said.parts if isinstance(part, File)]
    spec = colleagues.papers.spec(file.url)
    assert not isinstance(spec, SchedulePaper)
    assert len(spec.lines) == 14  # type: ignore[union-attr]


async def test_arrears_are_said_first_with_ways_out(
    colleagues: Colleagues, servicing: ScriptedServicing, policy: PolicyBook
) -> None:
    servicing.verified.add(LOAN)
    servicing.own_loans = (view(policy, LOAN, paid(10), paid(11, is_paid=False)),)
    said = await ask(colleagues, Question.BALANCE)
    assert "2026年11月20日起有 2,800.00元 没有还上" in said.texts[0]
    assert "/extension_hardship" in said.payloads
    assert "/human_agent" in said.payloads


async def test_a_settled_loan_is_said_to_be_settled(
    colleagues: Colleagues, servicing: ScriptedServicing, policy: PolicyBook
) -> None:
    servicing.verified.add(LOAN)
    servicing.own_loans = (view(policy, state=LoanState.SETTLED, balance=Decimal(0)),)
    said = await ask(colleagues, Question.NEXT)
    assert "已经结清" in said.texts[0]
    assert said.payloads[0] == "/certificate"
    assert (await ask(colleagues, Question.INTEREST)).texts[0].endswith("本金 20,000.00元。")


async def test_several_loans_are_chosen_from_and_the_choice_stays(
    colleagues: Colleagues, servicing: ScriptedServicing, policy: PolicyBook
) -> None:
    servicing.verified.add(LOAN)
    servicing.own_loans = (view(policy), view(policy, SECOND, balance=Decimal(50000)))
    said = await ask(colleagues, Question.HISTORY)
    assert said.texts == ["您名下有 2 笔贷款，想看哪一笔？"]
    said = await ask(colleagues, Question.NEXT)
    second = json.loads(said.payloads[1].removeprefix("/balance_query"))
    assert second == {"about": "next", "loan": f"{SECOND}/commercial"}
    pressed = [entity(name, value) for name, value in second.items()]
    led = await run(AnswerAction(colleagues), Message("balance_query", "/balance_query", entities=pressed))
    said = await run(
        MyLoanAction(colleagues), Message("balance_query", slots={"own_loan": led.slots["own_loan"]})
    )
    assert "1,400.00元" in said.texts[0]  # 50,000 / 40 + 50,000 · 0.3 %
    led = await run(
        AnswerAction(colleagues),
        Message("balance_query", "还剩几期", slots={"own_loan": said.slots["own_loan"]}),
    )
    assert led.slots["own_loan"]["question"] == "periods"
    assert led.slots["own_loan"]["loan"] == f"{SECOND}/commercial"


async def test_a_loan_that_is_not_the_customers_is_asked_for_again(
    colleagues: Colleagues, servicing: ScriptedServicing, policy: PolicyBook
) -> None:
    """Whoever was verified before: a remembered choice opens nothing."""
    servicing.verified.add(LOAN)
    servicing.own_loans = (view(policy), view(policy, SECOND))
    said = await ask(colleagues, Question.NEXT, loan="FX2025020001/commercial")
    assert "有 2 笔" in said.texts[0]


async def test_without_a_loan_the_progress_is_offered(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    servicing.verified.add(LOAN)
    said = await ask(colleagues, Question.BALANCE)
    assert said.payloads == ["/application_status"]


async def test_a_form_that_was_interrupted_asks_again(
    colleagues: Colleagues, verified: ScriptedServicing
) -> None:
    slots = {"own_loan": OwnLoan(Question.BALANCE).to_slot()}
    said = await run(MyLoanAction(colleagues), Message("balance_query", slots=slots, loop="calculation_form"))
    assert said.next_action == "calculation_form"
