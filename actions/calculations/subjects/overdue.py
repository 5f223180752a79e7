"""What paying late costs: one missed instalment, or several a month apart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from actions.calculations.fields import BALANCE, RATE, REMAINING, RUNNING_METHOD
from actions.calculations.model import (
    Case,
    Choice,
    Field,
    Figure,
    Result,
    Say,
    Source,
    Step,
    Subject,
    Values,
    never,
    payload,
)
from actions.calculations.rules import Rules
from bot.knowledge.formatting import money
from bot.lending import Loan, Method, position
from bot.lending.days import add_months
from bot.lending.face import Result as Figures
from bot.messages import Card, Chart, Row

MOST_MISSED = 6
OFFERED_DAYS = (1, 5, 15, 30)
CHART_DAYS = (1, 5, 10, 15, 20, 25, 30)
_COUNTS = "一二三四五六"


def _day_choices(rules: Rules, values: Values, say: Say) -> Sequence[Choice]:
    return tuple(Choice(say("overdue.days_button", days=days), {"days": days}) for days in OFFERED_DAYS)


def _missed(number: int) -> re.Pattern[str]:
    counted = rf"(?:{number}|{_COUNTS[number - 1]}{'|两' if number == 2 else ''})"
    return re.compile(
        rf"(?:逾期|欠|断供|断|没还|没交|漏还|拖).{{0,3}}?{counted}(?:期|个月)(?!前)|{counted}(?:期|个月)(?:的?月供)?(?:没还|没交|未还|逾期)"
    )


OVERDUE_AMOUNT = Field(
    "overdue_amount",
    "amount",
    re.compile("月供|逾期|欠|没还|这期|每期|每月|一期|该还|应还"),
    is_needed=lambda values: not values.raw("is_in_grace"),
    asked_as="income_monthly",  # 5000 is an instalment in yuan, not a loan in 万
)
DAYS = Field("days", "days", choices=_day_choices)
DUE_DATE = Field("due_date", "date", is_needed=never)
MISSED = Field(
    "missed",
    "missed",
    is_needed=never,
    mentions=tuple((_missed(number), {"missed": number}) for number in range(2, MOST_MISSED + 1)),
)
#: The contract's rate: taken from the record or from what is said, else a first home's of today, named as such.
CONTRACT_RATE = RATE.but(
    role=None,
    choices=None,
    asking=None,
    default=lambda rules, values: f"{rules.example_rate(360).normalize():f}",
)


class Overdue(Subject):
    """Penalty interest by the day, on what is late and on nothing else."""

    NAME = "overdue"
    IS_OWN_LOAN: ClassVar[bool] = True
    TOPICS = ("overdue", "calc_payment", "repayment_account")
    ASKED = re.compile(
        r"罚息|滞纳金|罚.{0,3}(?:多少|钱)|(?:逾期|晚还|迟还|晚交|迟交|拖欠|断供|欠).{0,16}(?:多付|多交|多还|多少|利息|呢)"
    )
    FIELDS = (
        DAYS,
        OVERDUE_AMOUNT,
        DUE_DATE,
        MISSED,
        CONTRACT_RATE,
        # from the record alone: the instalment follows from them
        BALANCE.but(is_needed=never, only_with_cue=True),
        REMAINING.but(is_needed=never, only_with_cue=True),
        RUNNING_METHOD.but(default=None, is_needed=never),
    )

    def derive(self, values: Values, rules: Rules) -> Mapping[str, Any]:
        """The days from the due date, and the instalment of the customer's own loan."""
        follows: dict[str, Any] = {}
        if "due_date" in values:
            late = (rules.on - date.fromisoformat(str(values.raw("due_date")))).days
            if late > 0:
                follows["days"] = late
        days = values.raw("days") or follows.get("days")
        if days is not None:
            follows["is_in_grace"] = int(days) <= rules.fact("overdue.grace").whole
        if all(name in values for name in ("balance", "remaining_months", "annual_rate")):
            loan = Loan(
                values.money("balance"),
                values.rate("annual_rate"),
                values.months("remaining_months"),
                values.method() or Method.EQUAL_INSTALMENT,
            )
            follows["overdue_amount"] = f"{position(loan, 0).next_payment:f}"
        return follows

    def work_out(self, case: Case) -> Result:
        values, say = case.values, case.say
        days, missed = values.whole("days"), _number(values)
        grace = case.rules.fact("overdue.grace").whole
        if days <= grace:
            return Result(say("overdue.in_grace", days=days, grace=grace), None, _steps(case))
        amount = values.money("overdue_amount")
        charges = _charges(case, days, missed)
        extra = sum((Decimal(each["total_extra"]) for each in charges), Decimal(0))
        card = Card(
            title=say("overdue.title", amount=amount, days=days, missed=missed),
            rows=tuple(_rows(case, charges, extra, amount, missed)),
            notes=_notes(case, grace, missed),
            chart=_chart(case) if missed == 1 else None,
        )
        return Result(
            say(
                "overdue.says",
                extra=extra,
                a_day=_a_day(case, missed),
                pays=amount * missed + extra,
                missed=missed,
            ),
            card,
            _steps(case),
            figure=Figure(say("overdue.row.extra"), extra),
        )


def _number(values: Values) -> int:
    return values.whole("missed") if "missed" in values else 1


def _charge(case: Case, due: date, paid: date) -> Figures:
    """Late interest on one instalment. Its interest part bears the same rate, so the whole counts as principal."""
    return case.figures(
        "overdue_penalty",
        overdue_principal=case.values.money("overdue_amount"),
        contract_rate_pct=case.pct(),
        uplift_pct=case.rules.fact("overdue.uplift").number,
        due_date=due,
        paid_date=paid,
        day_basis=case.rules.fact("overdue.day_basis").whole,
    )


def _charges(case: Case, days: int, missed: int) -> Sequence[Figures]:
    """Each missed instalment's, the oldest ``days`` late and the others a month after one another."""
    oldest = case.today - timedelta(days=days)
    dues = (add_months(oldest, n) for n in range(missed))
    return [_charge(case, due, case.today) for due in dues if due <= case.today]


def _a_day(case: Case, missed: int) -> Decimal:
    """What one more day costs."""
    figures = _charge(case, case.today - timedelta(days=1), case.today)
    return Decimal(figures["total_extra"]) * missed


def _rows(
    case: Case, charges: Sequence[Figures], extra: Decimal, amount: Decimal, missed: int
) -> Sequence[Row]:
    say = case.say
    rate = Decimal(charges[0]["penalty_rate_pct"]) / 100
    rows = [
        Row(say("overdue.row.extra"), money(extra), emphasis=True),
        Row(say("overdue.row.rate"), say("overdue.rate", rate=rate)),
        Row(say("overdue.row.days"), say("overdue.days", days=charges[0]["overdue_days"])),
        Row(say("overdue.row.pays"), money(amount * missed + extra)),
    ]
    if missed > 1:
        rows[2:3] = [
            Row(
                say("overdue.row.nth", n=n),
                say("overdue.nth", days=each["overdue_days"], extra=Decimal(each["total_extra"])),
            )
            for n, each in enumerate(charges, 1)
        ]
    return rows


def _notes(case: Case, grace: int, missed: int) -> tuple[str, ...]:
    say, values = case.say, case.values
    notes = [
        say(
            "overdue.note.rate",
            rate=values.rate("annual_rate"),
            uplift=case.rules.fact("overdue.uplift").text,
            is_example=values["annual_rate"].source is Source.DEFAULT,
        ),
        say("overdue.note.whole"),
        say("overdue.note.days"),
        say("overdue.note.grace", grace=grace),
    ]
    if missed > 1:
        notes.append(say("overdue.note.several"))
    if values["overdue_amount"].source is Source.DERIVED:
        notes.append(say("overdue.note.from_loan"))
    return tuple(notes)


def _chart(case: Case) -> Chart:
    """How it grows within the first month, counted to today."""
    sums = [
        _charge(case, case.today - timedelta(days=days), case.today)["total_extra"] for days in CHART_DAYS
    ]
    return Chart(
        "lines",
        case.say("overdue.chart.title"),
        tuple(case.say("overdue.chart.day", n=days) for days in CHART_DAYS),
        {case.say("overdue.row.extra"): tuple(sums)},
    )


def _steps(case: Case) -> tuple[Step, ...]:
    later = case.values.whole("days") + 15
    return (
        Step(case.say("overdue.later_button", days=later), payload("adjust_last", {"days": later})),
        Step(case.say("overdue.credit_button"), "/credit_report"),
        Step(case.say("overdue.hardship_button"), "/extension_hardship"),
        Step(case.say("overdue.human_button"), "/human_agent"),
    )
