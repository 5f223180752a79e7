"""The central interest subsidy (贴息): who gets it, asked one condition at a time, and how much it comes to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from actions.calculations.fields import AREA, HOME_COUNT, METHOD, PRICE, PRINCIPAL, PRODUCT, RATE, TERM
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
from actions.calculations.plans import wire_method
from actions.calculations.rules import Rules
from actions.calculations.steps import other_term, term_step
from bot.knowledge.formatting import money
from bot.lending import Loan, Method
from bot.messages import Card, Row
from bot.papers import PlannedLoan

TOPICS = ("rate_change", "calc_payment", "fees_tax", "other_mortgage", "affordability_eligibility")
NOT_YET = "not_yet"  #: the day of disbursement of a loan that is still wished for
_LOAN_TYPES = {
    "commercial": "commercial",
    "provident_fund": "provident_fund",
    "combined": "combination",
}
_PROGRAMME = "subsidy.rate"

_NAMED = r"贴息|利息补贴|补贴利息|利息.{0,2}补贴"
_YES = re.compile(
    r"^(?:嗯+|恩)?[,，\s]*(?:是|对|有|符合|满足|没错|是首套|首套)(?:的|呀|啊|了|吧|房)*[。!！~\s]*$"
)
_NO = re.compile(
    r"^(?:不是|不对|没有|没|否|不符合|不满足|非首套|不是首套|二套)(?:的|呀|啊|了|吧|房)*[。!！~\s]*$"
)
_WITHIN = re.compile(r"没超|没有超|不超|以内|以下|不到|刚好|符合|^(?:是|对|有)的?$")
_OVER = re.compile(r"超过?了|^超|以上|^(?:不是|没有)的?$")
_NOT_FIRST = re.compile(r"(?:不是|不算|非|没有?)首套")


def failed_condition(values: Values) -> str | None:
    """The first condition that is known not to be met."""
    conditions = {
        "programme": not values.raw("is_over"),
        "home_count": values.raw("home_count") in (None, 1),
        "area_sqm": _fits(values, "area") is not False,
        "price": _fits(values, "price") is not False,
        "product": values.raw("product") in (None, "commercial"),
        "disbursed": values.raw("is_in_time") is not False,
        "is_refinance": not values.raw("is_refinance"),
    }
    return next((name for name, is_met in conditions.items() if not is_met), None)


def _fits(values: Values, what: str) -> bool | None:
    """Whether a limit is kept: by the figure where one was said, else by the customer's word."""
    by_figure = values.raw(f"{what}_is_low")
    known = values.raw(f"{what}_fits") if by_figure is None else by_figure
    return None if known is None else bool(known)


def _unless_settled(*names: str) -> Callable[[Values], bool]:
    return lambda values: failed_condition(values) is None and not any(name in values for name in names)


def _limits(rules: Rules, values: Values) -> Mapping[str, object]:
    """The conditions as the questions name them."""
    programme = rules.fact(_PROGRAMME)
    return {
        "area": rules.fact("subsidy.max_area").number,
        "price": rules.fact("subsidy.max_price").number,
        "since": programme.effective_from,
        "until": programme.effective_to,
    }


def _choices(name: str, **settles: Mapping[str, Any]) -> Callable[[Rules, Values, Say], Sequence[Choice]]:
    """Buttons in words of the question's own."""

    def choices(rules: Rules, values: Values, say: Say) -> Sequence[Choice]:
        limits = _limits(rules, values)
        return tuple(
            Choice(say(f"subsidy_check.button.{name}.{title}", **limits), settled)
            for title, settled in settles.items()
        )

    return choices


def _disbursed_choices(rules: Rules, values: Values, say: Say) -> Sequence[Choice]:
    since = rules.fact(_PROGRAMME).effective_from
    days = {
        "not_yet": NOT_YET,
        "after": since.isoformat(),
        "before": (since - timedelta(days=1)).isoformat(),
    }
    return tuple(
        Choice(say(f"subsidy_check.button.disbursed.{title}", since=since), {"disbursed": day})
        for title, day in days.items()
    )


FIRST_HOME = HOME_COUNT.but(
    is_needed=_unless_settled("home_count"),
    choices=_choices("home_count", yes={"home_count": 1}, no={"home_count": 2}),
    answers=((_NO, {"home_count": 2}), (_YES, {"home_count": 1})),
    mentions=((_NOT_FIRST, {"home_count": 2}),),
)
#: That a limit is kept, said without a figure.
AREA_FITS = Field("area_fits", "area_fits", is_needed=never)
PRICE_FITS = Field("price_fits", "price_fits", is_needed=never)
SMALL_AREA = AREA.but(
    is_needed=_unless_settled("area_fits", "area_sqm"),
    choices=_choices("area_sqm", yes={"area_fits": True}, no={"area_fits": False}),
    answers=((_WITHIN, {"area_fits": True}), (_OVER, {"area_fits": False})),
    asking=_limits,
)
LOW_PRICE = PRICE.but(
    is_needed=_unless_settled("price_fits", "price"),
    choices=_choices("price", yes={"price_fits": True}, no={"price_fits": False}),
    answers=((_WITHIN, {"price_fits": True}), (_OVER, {"price_fits": False})),
    asking=_limits,
)
LOAN_TYPE = PRODUCT.but(
    is_needed=_unless_settled("product"),
    choices=_choices(
        "product",
        commercial={"product": "commercial"},
        provident_fund={"product": "provident_fund"},
        combined={"product": "combined"},
    ),
    answers=((_YES, {"product": "commercial"}),),
)
DISBURSED = Field(
    "disbursed",
    "date",
    is_needed=_unless_settled("disbursed"),
    choices=_disbursed_choices,
    asking=_limits,
    answers=((re.compile(r"没放|没有放|未放|^还?没有?|还没|准备|打算|正在"), {"disbursed": NOT_YET}),),
)
REFINANCE = Field(
    "is_refinance",
    "is_refinance",
    is_needed=_unless_settled("is_refinance"),
    choices=_choices("is_refinance", no={"is_refinance": False}, yes={"is_refinance": True}),
    answers=(
        (_NO, {"is_refinance": False}),
        (re.compile("新买|买房"), {"is_refinance": False}),
        (_YES, {"is_refinance": True}),
        (re.compile("置换|换贷|转贷"), {"is_refinance": True}),
    ),
)


class _Conditions(Subject):
    """What follows from area, price and day."""

    TOPICS = TOPICS

    def derive(self, values: Values, rules: Rules) -> Mapping[str, Any]:
        if not rules.has(_PROGRAMME):
            return {"is_over": True}
        follows: dict[str, Any] = {}
        if "area_sqm" in values:
            follows["area_is_low"] = values.money("area_sqm") <= rules.fact("subsidy.max_area").number
        if "price" in values:
            follows["price_is_low"] = values.money("price") <= rules.fact("subsidy.max_price").number
        if "disbursed" in values:
            follows["is_in_time"] = rules.fact(_PROGRAMME).holds_on(_day(values, rules.on))
        return follows


def _day(values: Values, today: date) -> date:
    said = values.raw("disbursed")
    return today if said in (None, NOT_YET) else date.fromisoformat(str(said))


class SubsidyCheck(_Conditions):
    """Who gets it: one condition after the other, and no further than the first that is not met."""

    NAME = "subsidy_check"
    NEEDS_NO_FIGURE = True
    ASKED = re.compile(
        rf"^(?!.*(?:多少|省|几)).*(?:(?:能不能|能否|可不可以|可以|能|符合|够|有没有|资格|我有).{{0,10}}(?:{_NAMED})"
        rf"|(?:{_NAMED}).{{0,8}}(?:我能|我可以|我符合|我够|轮得到|能享受|能申请吗|符合吗|资格))"
    )
    FIELDS = (
        FIRST_HOME,
        AREA_FITS,
        SMALL_AREA,
        PRICE_FITS,
        LOW_PRICE,
        LOAN_TYPE,
        DISBURSED,
        REFINANCE,
        PRINCIPAL.but(only_with_cue=True, is_needed=never),
        TERM.but(is_needed=never),
    )

    def work_out(self, case: Case) -> Result:
        failed = failed_condition(case.values)
        if failed is not None:
            return _refused(case, failed)
        return _eligible(case)


def _refused(case: Case, failed: str) -> Result:
    """The reason, and what is possible instead."""
    limits = _limits(case.rules, case.values) if failed != "programme" else {}
    return Result(
        case.say(f"subsidy_check.refused.{failed}", **limits),
        None,
        (
            Step(case.say("subsidy_check.policy_button"), "/rate_change"),
            Step(
                case.say("subsidy_check.fund_button"),
                payload("calc_payment", {"subject": "fund_vs_commercial"}),
            ),
        ),
    )


def _eligible(case: Case) -> Result:
    values, rules, say = case.values, case.rules, case.say
    limits = _limits(rules, values)
    figures = case.figures(
        "subsidy_eligibility",
        first_home=values.raw("home_count") == 1,
        # who said only that the limit is kept stands at the limit
        area_sqm=str(values.raw("area_sqm") or limits["area"]),
        price=str(values.raw("price") or limits["price"]),
        loan_type=_LOAN_TYPES[values.raw("product")],
        disbursed=_day(values, case.today),
        refinance=values.raw("is_refinance"),
    )
    names = ("home_count", "area_sqm", "price", "product", "disbursed", "is_refinance")
    is_met = say(f"subsidy_check.{'met' if figures['eligible'] else 'not_met'}")
    card = Card(
        title=say("subsidy_check.title"),
        rows=tuple(Row(say(f"subsidy_check.row.{name}", **limits), is_met) for name in names),
        notes=(say("subsidy_check.note.bank"), say("subsidy_check.note.once")),
    )
    return Result(
        say("subsidy_check.says", is_wished=values.raw("disbursed") == NOT_YET, **limits),
        card,
        (
            Step(say("subsidy_check.amount_button"), payload("calc_payment", {"subject": "subsidy"})),
            Step(say("subsidy_check.policy_button"), "/rate_change"),
        ),
    )


class Subsidy(_Conditions):
    """How much it comes to, for who gets it."""

    NAME = "subsidy"
    FOLLOWS_BY_NAME = True
    ASKED = re.compile(_NAMED)
    FIELDS = (
        PRINCIPAL,
        TERM,
        RATE.but(
            role=None, default=lambda rules, values: f"{rules.example_rate(_term(values)).normalize():f}"
        ),
        METHOD.but(is_needed=never),
        FIRST_HOME.but(is_needed=never, answers=()),
        AREA_FITS,
        AREA.but(is_needed=never),
        PRICE_FITS,
        PRICE.but(is_needed=never, only_with_cue=True),
        PRODUCT,
    )

    def work_out(self, case: Case) -> Result:
        failed = failed_condition(case.values)
        if failed is not None:
            return _refused(case, failed)
        loan, rules, say = case.loan(), case.rules, case.say
        figures = case.figures(
            "interest_subsidy",
            principal=loan.principal,
            annual_rate_pct=loan.annual_rate * 100,
            term_months=loan.term_months,
            method=wire_method(loan.method),
        )
        total = Decimal(figures["total_subsidy"])
        months = min(loan.term_months, rules.fact("subsidy.max_months").whole)
        card = Card(
            title=say("subsidy.title", principal=loan.principal, months=loan.term_months),
            rows=tuple(_rows(case, loan, figures, months)),
            notes=_notes(case, loan),
        )
        return Result(
            say(
                "subsidy.says",
                first=Decimal(figures["first_month_subsidy"]),
                total=total,
                months=months,
                is_checked=case.values.raw("home_count") == 1 and _fits(case.values, "price") is True,
            ),
            card,
            (
                Step(say("subsidy.check_button"), payload("calc_payment", {"subject": "subsidy_check"})),
                term_step(case, other_term(loan.term_months)),
            ),
            figure=Figure(say("subsidy.row.total"), total),
            loans=(PlannedLoan(loan),),
        )


def _rows(case: Case, loan: Loan, figures: Mapping[str, Any], months: int) -> Sequence[Row]:
    say = case.say
    falling = "_first" if loan.method is Method.EQUAL_PRINCIPAL else ""
    rows = [
        Row(say("subsidy.row.first"), money(Decimal(figures["first_month_subsidy"])), emphasis=True),
        Row(say(f"subsidy.row.payment{falling}"), money(Decimal(figures["monthly_payment"]))),
        Row(say("subsidy.row.net"), money(Decimal(figures["first_month_net_payment"]))),
        Row(say("subsidy.row.months"), say("subsidy.months", months=months)),
        Row(say("subsidy.row.total"), money(Decimal(figures["total_subsidy"]))),
    ]
    afterwards = figures["payment_after_subsidy_ends"]
    if afterwards is not None:
        rows.append(Row(say("subsidy.row.afterwards"), money(Decimal(afterwards))))
    return rows


def _notes(case: Case, loan: Loan) -> tuple[str, ...]:
    say, rules, cap = case.say, case.rules, case.rules.fact("subsidy.principal_cap").number
    lpr = rules.quote(loan.term_months)
    return (
        *((say("subsidy.note.capped", cap=cap),) if loan.principal > cap else ()),
        say(
            "subsidy.note.rate",
            rate=loan.annual_rate,
            is_example=case.values["annual_rate"].source is Source.DEFAULT,
            lpr=lpr.fraction,
            published=lpr.verified_on,
            spread=rules.first_home_spread().whole,
            method=loan.method.value,
        ),
        say("subsidy.note.base", share=rules.fact(_PROGRAMME).fraction),
        say("subsidy.note.conditions", **_limits(rules, case.values)),
    )


def _term(values: Values) -> int:
    return int(values.raw("term_months") or 360)
