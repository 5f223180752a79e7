"""What a household needs: facts, risk and feeling asked one by one, then several plans side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from actions.calculations.fields import AGE, INCOME, PRICE, SAVINGS
from actions.calculations.guidance import chosen, pick
from actions.calculations.model import (
    Case,
    Choice,
    Field,
    Need,
    Result,
    Step,
    Subject,
    Values,
    never,
    payload,
)
from actions.calculations.planned import (
    OTHER_DEBTS,
    PLANNED_RATE,
    carrying_power,
    rate_note,
)
from actions.calculations.rules import Rules
from bot.knowledge.formatting import money, percent
from bot.lending import InvalidInput, Loan, Method, totals
from bot.lending.money import exact, to_fen
from bot.messages import Card, Chart, Row
from bot.papers import Section, SummaryPaper

NAME = "needs"
USUAL, SHORT = 360, 240  #: months of the plan in the middle, and of the one that saves interest
YEAR = 12

FAMILY = pick(
    NAME,
    "family",
    {
        "single": "单身|一个人|未婚|自己",
        "couple": "两口|夫妻|两个人|已婚|结婚",
        "children": "孩子|小孩|娃|二胎|怀孕",
        "elders": "老人|父母|爸妈|三代",
    },
)
JOB = pick(
    NAME,
    "job",
    {
        "stable": "^稳定|很稳定|比较稳|挺稳|编制|公务员|事业单位|国企|教师|医生|还行",
        "varies": "提成|个体|自由职业|有高有低|不固定|生意|不稳|不太稳|淡季",
        "changing": "换工作|跳槽|试用期|创业|辞职|可能变",
    },
)
PLANS = pick(
    NAME,
    "plans",
    {
        "stay": "长住|长期|一直住|不换|自住",
        "sell": "换房|卖|几年后|置换",
        "prepay": "提前还|多还|尽快还",
    },
)
RISE = pick(
    NAME,
    "rise_felt",
    {
        "fine": "没问题|能承受|可以|不怕|没事",
        "tight": "有点紧|紧一点|勉强|紧张|还行",
        "no": "受不了|不行|承受不|不能|怕",
    },
    asking=lambda rules, values: {"rise": rules.fact("guidance.rate_rise").fraction},
)
RESERVE = pick(
    NAME,
    "reserve",
    {
        "long": "半年以上|一年|够的|很多",
        "some": "几个月|两三个月|三个月|有一点",
        "none": "没有|没留|^没|不够|月光",
    },
    asking=lambda rules, values: {"fall": rules.fact("guidance.income_fall").fraction},
)
WHY = pick(
    NAME,
    "why",
    {
        "home": "安家|结婚|有个家|稳定下来|归属|自己的房",
        "school": "上学|学区|学校|读书",
        "better": "改善|大一点|换大|环境",
        "near": "近|上班|通勤|父母",
    },
)
WORRY = pick(
    NAME,
    "worry",
    {
        "income": "失业|收入|工作|丢",
        "rate": "利率|涨息",
        "interest": "利息(?:太)?多|亏|总利息|不划算",
        "tight": "月供|压力|紧|不敢花|生活",
        "none": "没什么|不担心|没有",
    },
)
#: What the fund would lend; asked, and a button says that there is none.
FUND = Field(
    "fund_principal",
    "amount",
    re.compile("公积金"),
    only_with_cue=True,
    is_needed=lambda values: not values.raw("has_no_fund"),
    choices=lambda rules, values, say: (Choice(say(f"{NAME}.no_fund_button"), {"has_no_fund": True}),),
    answers=((re.compile("^(?:没有?|没缴|没交|不用|无|不知道|不清楚)"), {"has_no_fund": True}),),
)
NO_FUND = Field("has_no_fund", "has_no_fund", is_needed=never)


@dataclass(frozen=True)
class Offer:
    """A way to borrow, and what it costs as things are and if they turn worse."""

    name: str
    title: str
    commercial: Loan | None
    fund: Loan | None
    rise: Decimal

    @property
    def loans(self) -> tuple[Loan, ...]:
        return tuple(loan for loan in (self.fund, self.commercial) if loan)

    @property
    def term_months(self) -> int:
        return self.loans[0].term_months

    @property
    def method(self) -> Method:
        return self.loans[0].method

    @property
    def product(self) -> str:
        if self.fund is None:
            return "commercial"
        return "combined" if self.commercial else "provident_fund"

    @property
    def payment(self) -> Decimal:
        """The first one, the highest there is."""
        with exact():
            return sum((totals(loan).first.payment for loan in self.loans), Decimal(0))

    @property
    def interest(self) -> Decimal:
        with exact():
            return sum((totals(loan).interest for loan in self.loans), Decimal(0))

    @property
    def risen(self) -> Decimal:
        """The payment if the commercial rate rises before the first one falls due."""
        if self.commercial is None:
            return self.payment
        dearer = replace(self.commercial, annual_rate=self.commercial.annual_rate + self.rise)
        return replace(self, commercial=dearer).payment


@dataclass(frozen=True)
class Power:
    """What may be paid a month at most, with the income of today and with less."""

    income: Decimal
    less: Decimal
    limit: Decimal
    limit_less: Decimal

    def bears(self, offer: Offer) -> bool:
        return offer.payment <= self.limit

    def bears_worse(self, offer: Offer) -> bool:
        """Either misfortune alone."""
        return offer.risen <= self.limit and offer.payment <= self.limit_less


def _while_open(is_needed: Need) -> Need:
    """Nothing more is asked of somebody whose down payment settles the matter."""
    return lambda values: not values.raw("is_settled") and is_needed(values)


class Needs(Subject):
    """Facts, risk, feeling; then at least three plans, and which of them suits this household."""

    NAME = NAME
    TOPICS = (
        "affordability_eligibility",
        "calc_payment",
        "loan_term",
        "repayment_method",
        "down_payment",
        "other_mortgage",
    )
    ASKED = re.compile(
        r"帮我(?:做个?)?(?:规划|设计|参谋|选个?方案|配个?方案)|(?:给|出|做|推荐)我?(?:几个|几种|几套|一个|个)?(?:贷款)?(?:方案|规划)|需求诊断"
    )
    NEEDS_NO_FIGURE = True
    FIELDS = (
        PRICE,
        SAVINGS,
        *(
            each.but(is_needed=_while_open(each.is_needed))
            for each in (INCOME, AGE, FUND, FAMILY, JOB, PLANS, RISE, RESERVE, WHY, WORRY)
        ),
        OTHER_DEBTS,
        PLANNED_RATE,
        NO_FUND,
    )

    def derive(self, values: Values, rules: Rules) -> Mapping[str, Any]:
        """The term by which the rate and the limit go, as the plans have terms of their own; whether there is a loan."""
        follows: dict[str, Any] = {"term_months": USUAL}
        if "price" in values and "savings" in values:
            savings, price = values.money("savings"), values.money("price")
            follows["is_settled"] = not _least(rules, price) <= savings < price
        return follows

    def work_out(self, case: Case) -> Result:
        principal = _principal(case)
        if case.values.money("savings") < _least(case.rules, case.values.money("price")):
            return _too_little(case)
        power, offers = _power(case), _offers(case, principal)
        best = _best(case, offers, power)
        says = case.say(
            f"{NAME}.says",
            principal=principal,
            best=best,
            bears=power.bears(best),
            bears_worse=power.bears_worse(best),
            limit=power.limit,
            is_careful=_is_careful(case),
        )
        title, chart, notes = (
            case.say(f"{NAME}.title", principal=principal),
            _chart(case, offers, power),
            _notes(case),
        )
        worry = case.say(f"{NAME}.answer.{case.values.raw('worry')}", reserve=_reserve(case))
        settles = {"principal": int(principal), "term_months": best.term_months, "method": best.method.value}
        return Result(
            says,
            Card(
                title,
                tuple(
                    Row(offer.title, case.say(f"{NAME}.row", offer=offer), emphasis=offer is best)
                    for offer in offers
                ),
                notes,
                chart,
            ),
            (
                Step(case.say(f"{NAME}.button.stress"), payload("calc_payment", {"subject": "stress"})),
                Step(
                    case.say(f"{NAME}.button.payment"),
                    payload("calc_payment", {"subject": "payment", **settles}),
                ),
                Step(case.say("guidance.human_button"), "/human_agent"),
            ),
            caution=worry,
            carries={"principal": f"{principal:f}"},
            summary=SummaryPaper(
                title,
                case.today,
                says,
                (
                    Section(case.say("guidance.asked"), _facts(case, power)),
                    Section(case.say("guidance.side_by_side"), table=_table(case, offers, power)),
                    Section(
                        case.say(f"{NAME}.for_whom"),
                        paragraphs=tuple(
                            case.say(
                                f"{NAME}.fits", title=offer.title, words=case.say(f"{NAME}.whom.{offer.name}")
                            )
                            for offer in offers
                        ),
                    ),
                    Section(case.say(f"{NAME}.worried"), paragraphs=(worry,)),
                ),
                notes,
                chart,
            ),
        )


def _principal(case: Case) -> Decimal:
    with exact():
        principal = case.values.money("price") - case.values.money("savings")
    if principal <= 0:
        raise InvalidInput("out_of_range", "savings", case.say(f"{NAME}.no_loan"))
    return principal


def _least(rules: Rules, price: Decimal) -> Decimal:
    """The smallest down payment for a house of this price."""
    with exact():
        return to_fen(price * rules.min_down_payment(None).fraction)


def _too_little(case: Case) -> Result:
    least = _least(case.rules, case.values.money("price"))
    return Result(
        case.say(
            f"{NAME}.too_little",
            least=least,
            share=case.rules.min_down_payment(None).text,
            missing=least - case.values.money("savings"),
        ),
        None,
        (
            Step(
                case.say(f"{NAME}.button.down_payment"), payload("calc_payment", {"subject": "down_payment"})
            ),
            Step(
                case.say(f"{NAME}.button.affordable"), payload("calc_payment", {"subject": "affordability"})
            ),
        ),
        is_refused=True,
    )


def _longest(case: Case) -> int:
    """Months of the longest term that the bank gives at this age."""
    rules = case.rules
    years = min(
        rules.fact("term.bank_max_years").whole,
        rules.fact("term.age_plus_term_max").whole - case.values.whole("age"),
    )
    if years < rules.fact("term.bank_min_years").whole:
        raise InvalidInput("out_of_range", "age", case.say(f"{NAME}.too_old"))
    return years * YEAR


def _offers(case: Case, principal: Decimal) -> tuple[Offer, ...]:
    """The lightest, the middle one, the falling one, the cheapest, and with the fund's money where there is some."""
    longest = _longest(case)
    usual, rate = min(USUAL, longest), case.values.rate("annual_rate")
    short = min(SHORT, max(longest * 2 // 3 // YEAR, case.rules.fact("term.bank_min_years").whole) * YEAR)
    rise = case.rules.fact("guidance.rate_rise").fraction
    plain = {
        "lightest": Loan(principal, rate, longest),
        "middle": Loan(principal, rate, usual),
        "falling": Loan(principal, rate, usual, Method.EQUAL_PRINCIPAL),
        "short": Loan(principal, rate, short),
    }
    offers = [_offer(case, name, loan, None, rise) for name, loan in plain.items()]
    if "fund_principal" in case.values:
        of_fund = min(case.values.money("fund_principal"), principal)
        rest = principal - of_fund
        fund = Loan(of_fund, case.rules.provident_fund_rate(usual).fraction, usual)
        offers.append(_offer(case, "fund", Loan(rest, rate, usual) if rest else None, fund, rise))
    distinct = {offer.loans: offer for offer in reversed(offers)}
    return tuple(sorted(distinct.values(), key=lambda offer: offer.payment))


def _offer(case: Case, name: str, commercial: Loan | None, fund: Loan | None, rise: Decimal) -> Offer:
    offer = Offer(name, "", commercial, fund, rise)
    return replace(
        offer,
        title=case.say(
            f"{NAME}.offer",
            product=case.say(f"servicing.product.{offer.product}"),
            years=offer.term_months // YEAR,
            method=case.say(f"calculation.method.{offer.method.value}"),
        ),
    )


def _power(case: Case) -> Power:
    income = case.values.money("income")
    with exact():
        less = to_fen(income * (1 - case.rules.fact("guidance.income_fall").fraction))
    limits = (Decimal(carrying_power(case, each)["max_monthly_payment"]) for each in (income, less))
    return Power(income, less, *limits)


def _is_careful(case: Case) -> bool:
    """Whether room to breathe matters more to this household than the interest."""
    raw = case.values.raw
    return (
        raw("job") != "stable"
        or raw("rise_felt") == "no"
        or raw("reserve") == "none"
        or raw("worry") in ("income", "tight")
        or raw("plans") == "sell"
    )


def _best(case: Case, offers: Sequence[Offer], power: Power) -> Offer:
    """The lightest for the careful, else the cheapest of those that bear either misfortune."""
    safe = [offer for offer in offers if power.bears(offer) and power.bears_worse(offer)]
    if _is_careful(case) or not safe:
        return offers[0]
    return min(safe, key=lambda offer: offer.interest)


def _share(case: Case, paid: Decimal, income: Decimal) -> str:
    found = case.figures("dti_check", monthly_payment=paid, household_monthly_income=income)
    return percent(Decimal(found["ratio_pct"]) / 100)


def _reserve(case: Case) -> str:
    return case.rules.fact("guidance.reserve_months").text


def _chart(case: Case, offers: Sequence[Offer], power: Power) -> Chart:
    figures = {
        "payment": [offer.payment for offer in offers],
        "risen": [offer.risen for offer in offers],
        "limit_less": [power.limit_less for _ in offers],
    }
    return Chart(
        "bars",
        case.say(f"{NAME}.chart.title"),
        tuple(case.say(f"{NAME}.short.{offer.name}") for offer in offers),
        {
            case.say(f"{NAME}.chart.{name}"): tuple(f"{each:f}" for each in line)
            for name, line in figures.items()
        },
    )


def _notes(case: Case) -> tuple[str, ...]:
    facts = case.rules.fact
    return (
        rate_note(case),
        case.say(f"{NAME}.note.first_home"),
        case.say(
            f"{NAME}.note.stress",
            rise=facts("guidance.rate_rise").fraction,
            fall=facts("guidance.income_fall").fraction,
        ),
        case.say(
            f"{NAME}.note.limit", housing=facts("ratio.housing").text, all_debts=facts("ratio.all_debts").text
        ),
        *((case.say(f"{NAME}.note.fund"),) if "fund_principal" in case.values else ()),
    )


def _facts(case: Case, power: Power) -> tuple[tuple[str, str], ...]:
    values = case.values
    figures = {"price": values.money("price"), "savings": values.money("savings"), "income": power.income}
    named = ("family", "job", "plans", "rise_felt", "reserve", "why", "worry")
    return (
        *((case.say(f"{NAME}.fact.{name}"), money(figure)) for name, figure in figures.items()),
        (case.say(f"{NAME}.fact.limit"), money(power.limit)),
        *((case.say(f"{NAME}.fact.{name}"), chosen(case, NAME, name)) for name in named),
    )


def _table(case: Case, offers: Sequence[Offer], power: Power) -> tuple[tuple[str, ...], ...]:
    columns = ("offer", "payment", "interest", "risen", "share", "share_less")
    return (
        tuple(case.say(f"{NAME}.column.{name}") for name in columns),
        *(
            (
                offer.title,
                money(offer.payment),
                money(offer.interest),
                money(offer.risen),
                _share(case, offer.payment, power.income),
                _share(case, offer.payment, power.less),
            )
            for offer in offers
        ),
    )
