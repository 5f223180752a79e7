"""What a home needs in own money, what may be lent on it, and whether the savings reach."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from actions.calculations.fields import DOWN_RATIO, HOME_COUNT, PRICE, PRODUCT, SAVINGS
from actions.calculations.model import Case, Field, Figure, Result, Step, Subject, Values, never, payload
from actions.calculations.rules import Rules
from bot.knowledge.formatting import money
from bot.lending.face import Result as Figures
from bot.messages import Card, Row

APPRAISED = Field(
    "appraised_value",
    "amount",
    re.compile(r"评估|估价|估值|评了|估了|網簽|网签"),
    only_with_cue=True,
    is_needed=never,
)
#: 贷七成 names the other side of the price.
LOAN_RATIO = Field("loan_ratio", "ratio", re.compile(r"贷|借|貸|loan"), only_with_cue=True, is_needed=never)


def _asks_price(values: Values) -> bool:
    """Somebody who only asks whether a share is enough is answered without the price."""
    return "down_ratio" not in values and "loan_ratio" not in values


class DownPayment(Subject):
    """The smallest down payment, or the one wished for, beside the savings."""

    NAME = "down_payment"
    TOPICS = ("down_payment", "affordability_eligibility", "provident_fund")
    ASKED = re.compile(
        r"^(?!.*(?:收入|工资|薪|月入|挣|赚).*(?:贷|借)).*(?:首付|首期|头款|自付|down ?payment|deposit"
        r"|(?:贷|借|貸).{0,4}成|(?:贷|借).{0,3}\d+\s*%|(?:房子|总价|房价|全款|的房).*(?:贷|借))",
        re.IGNORECASE,
    )
    FIELDS = (
        PRICE.but(is_needed=_asks_price),
        SAVINGS.but(is_needed=never),
        APPRAISED,
        DOWN_RATIO,
        LOAN_RATIO,
        HOME_COUNT.but(is_needed=never),
        PRODUCT,
    )

    def derive(self, values: Values, rules: Rules) -> Mapping[str, Any]:
        """The share that is left when a share of the price is to be lent."""
        if "loan_ratio" not in values:
            return {}
        return {"down_ratio": f"{(1 - values.rate('loan_ratio')).normalize():f}"}

    def work_out(self, case: Case) -> Result:
        if "price" not in case.values:
            return _of_share_alone(case)
        say, values, found = case.say, case.values, _figures(case)
        own, loan, gap = (Decimal(found[key]) for key in ("min_down_payment", "max_loan", "cash_gap"))
        rows = [
            Row(say("down_payment.row.own"), money(own), emphasis=True),
            Row(say("down_payment.row.share"), say("down_payment.share", share=_share(case))),
            Row(say("down_payment.row.loan"), money(loan)),
        ]
        if "savings" in values:
            rows.append(Row(say("down_payment.row.savings"), money(values.money("savings"))))
        if gap and "savings" in values:
            rows.append(Row(say("down_payment.row.gap"), money(gap), emphasis=True))
        return Result(
            say(
                "down_payment.says",
                own=own,
                loan=loan,
                share=_share(case),
                is_least=_share(case) == _least(case),
            ),
            Card(
                say("down_payment.title", price=values.money("price")),
                tuple(rows),
                (*found["assumptions"], *_notes(case)),
            ),
            _steps(case, loan),
            caution=_caution(case, own, gap),
            figure=Figure(say("down_payment.row.own"), own),
            carries={"principal": int(loan)},
        )


def _least(case: Case) -> Decimal:
    return case.rules.min_down_payment(case.values.raw("product")).fraction


def _share(case: Case) -> Decimal:
    """The share calculated with: the one wished for, but never below the least."""
    wished = case.values.rate("down_ratio") if "down_ratio" in case.values else _least(case)
    return max(wished, _least(case))


def _is_too_low(case: Case) -> bool:
    return "down_ratio" in case.values and case.values.rate("down_ratio") < _least(case)


def _figures(case: Case) -> Figures:
    values = case.values
    is_usual = _share(case) == _least(case) and values.raw("product") not in ("provident_fund", "combined")
    return case.figures(
        "down_payment",
        price=values.money("price"),
        min_down_pct=None if is_usual else _share(case) * 100,
        savings=values.money("savings") if "savings" in values else None,
        appraised_value=values.money("appraised_value") if "appraised_value" in values else None,
    )


def _of_share_alone(case: Case) -> Result:
    """An answer about a share of any price."""
    return Result(
        case.say(
            "down_payment.share_alone",
            share=case.values.rate("down_ratio"),
            least=_least(case),
            is_too_low=_is_too_low(case),
        ),
        None,
        (Step(case.say("down_payment.button.more"), "/down_payment"),),
    )


def _caution(case: Case, own: Decimal, gap: Decimal) -> str | None:
    """A share that is refused; savings that do not reach, and what may not fill the gap."""
    say, values = case.say, case.values
    said = []
    if _is_too_low(case):
        said.append(say("down_payment.too_low", share=values.rate("down_ratio"), least=_least(case)))
    if "savings" in values:
        barred = case.rules.fact("down_payment.loan_money_barred")
        said.append(
            say(
                "down_payment.savings",
                savings=values.money("savings"),
                gap=gap,
                over=values.money("savings") - own,
                barred_since=barred.effective_from,
            )
        )
    return "\n".join(said) or None


def _notes(case: Case) -> tuple[str, ...]:
    notes = [case.say("down_payment.note.cities")]
    if case.values.raw("product") in ("provident_fund", "combined"):
        notes.insert(0, case.say("down_payment.note.fund", least=_least(case)))
    return tuple(notes)


def _steps(case: Case, loan: Decimal) -> tuple[Step, ...]:
    say, values = case.say, case.values
    steps = [
        Step(
            say("down_payment.button.payment", loan=loan),
            payload("calc_payment", {"subject": "payment", "principal": int(loan)}),
        ),
        Step(
            say("down_payment.button.income"),
            payload("calc_payment", {"subject": "required_income", "principal": int(loan)}),
        ),
    ]
    if values.raw("product") != "provident_fund":
        steps.append(
            Step(say("down_payment.button.fund"), payload("adjust_last", {"product": "provident_fund"}))
        )
    return tuple(steps)
