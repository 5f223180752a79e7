"""The fields that calculations share; a subject takes them as they are or with changes (`Field.but`)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from actions.calculations.model import Choice, Field, Say, Values, never
from actions.calculations.rules import BOTH, LONG_TERM_MONTHS, Rules
from bot.lending import Method


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _rate_choices(rules: Rules, values: Values, say: Say) -> Sequence[Choice]:
    rate = offered_rate(rules, values)
    return (Choice(say("calculation.rate_button", rate=rate), {"annual_rate": f"{rate.normalize():f}"}),)


def offered_rate(rules: Rules, values: Values) -> Decimal:
    """The rate that is offered when it is asked for: the fund's or a first home's."""
    term = int(values.raw("term_months") or values.raw("remaining_months") or LONG_TERM_MONTHS)
    if values.raw("product") == "provident_fund":
        return rules.provident_fund_rate(term).fraction
    return rules.example_rate(term)


def _about_rate(rules: Rules, values: Values) -> Mapping[str, object]:
    quote = rules.quote(int(values.raw("term_months") or values.raw("remaining_months") or LONG_TERM_MONTHS))
    return {
        "is_fund": values.raw("product") == "provident_fund",
        "rate": offered_rate(rules, values),
        "lpr": quote.fraction,
        "published": quote.verified_on,
        "spread": rules.first_home_spread().whole,
    }


def _method_choices(rules: Rules, values: Values, say: Say) -> Sequence[Choice]:
    return tuple(
        Choice(say(f"calculation.method.{method}"), {"method": method})
        for method in (*(each.value for each in Method), BOTH)
    )


def _paid_choices(rules: Rules, values: Values, say: Say) -> Sequence[Choice]:
    return tuple(
        Choice(say("calculation.paid_button", months=months), {"paid_months": months})
        for months in (0, 12, 36, 60)
    )


#: 车贷 and the like are other loans.
PRINCIPAL = Field(
    "principal",
    "amount",
    _words("(?<!信用)(?<![车網网费学])(?:贷款|贷了?)|借|本金|(?<!car )(?:loan|mortgage)"),
)
TERM = Field("term_months", "term_months", _words("贷款?|期限|总共|一共|分"))
RATE = Field(
    "annual_rate",
    "rate",
    _words("利率|年利|原来|现在"),
    role="from",
    choices=_rate_choices,
    asking=_about_rate,
)
METHOD = Field("method", "method", choices=_method_choices)
PRODUCT = Field("product", "product", is_needed=never)

#: A loan that runs.
PREPAY_AMOUNT = Field(
    "prepay_amount", "amount", _words("提前|先还|多还|还掉|还进去|手里|手头|闲钱|攒|prepay|early")
)
BALANCE = Field("balance", "amount", _words("还剩|剩余?|还欠|欠|余额|没还|未还|尾款|本金|balance|left|owe"))
REMAINING = Field(
    "remaining_months", "term_months", _words("还剩|剩余?|没还|未还|还要还|还有|left|remaining")
)
PAID = Field("paid_months", "paid_months", is_needed=never, choices=_paid_choices)
OLD_PRINCIPAL = PRINCIPAL.but(is_needed=never, only_with_cue=True)
OLD_TERM = TERM.but(is_needed=never, only_with_cue=True)
#: What was asked for when a running loan's method was not said; the notes name it.
RUNNING_METHOD = METHOD.but(default=lambda rules, values: Method.EQUAL_INSTALMENT.value, choices=None)

#: A person and a home.
INCOME = Field("income", "income_monthly", _words("收入|工资|月入|挣|赚|薪|income|salary"))
PRICE = Field("price", "amount", _words("总价|房价|房款|全款|房子|一套|价格|买|成交|price|house|flat"))
SAVINGS = Field("savings", "amount", _words("存款|手里|手头|手上|自有|积蓄|攒|凑|有|cash|saving"))
DEBTS = Field(
    "other_debts",
    "amount",
    _words("车贷|信用卡|花呗|网贷|消费贷|其他贷款|别的贷款|负债|外债|每月还|debt"),
    only_with_cue=True,
)
AGE = Field("age", "age")
HOME_COUNT = Field("home_count", "home_count")
AREA = Field("area_sqm", "area_sqm")
DOWN_RATIO = Field("down_ratio", "ratio", _words("首付"), is_needed=never)
