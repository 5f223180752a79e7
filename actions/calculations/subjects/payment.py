"""Payment and interest of one loan, or both methods side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from actions.calculations.fields import (
    DOWN_RATIO,
    INCOME,
    METHOD,
    PRICE,
    PRINCIPAL,
    PRODUCT,
    RATE,
    TERM,
    offered_rate,
)
from actions.calculations.model import Case, Figure, Result, Source, Step, Subject, Values, never, payload
from actions.calculations.plans import Plan, yearly_lines
from actions.calculations.rules import SHORT_TERM_MONTHS, Rules
from actions.calculations.steps import method_step, other_term, term_step
from bot.knowledge.formatting import money
from bot.lending import Loan, Method, Totals, by_year, totals
from bot.lending.money import down_to_yuan
from bot.messages import Card, Chart, Row
from bot.papers import PlannedLoan

COMMERCIAL, FUND = "commercial", "provident_fund"


@dataclass(frozen=True)
class Quote:
    """A loan with what its schedule adds up to."""

    loan: Loan
    sums: Totals

    @classmethod
    def of(cls, loan: Loan) -> Quote:
        return cls(loan, totals(loan))

    @property
    def first_payment(self) -> Decimal:
        return self.sums.first.payment


#: Of a new loan this means a method; of one that runs, relief for a while.
_INTEREST_ALONE = re.compile(r"[只光](?:还|付)利息")


class Payment(Subject):
    """What a new loan costs a month and in all."""

    NAME = "payment"
    TOPICS = ("calc_payment",)
    ASKED = re.compile(r"月供|每月还|每个月还|总利息|等额|payment", re.IGNORECASE)
    # the term comes before the rate: which quote a rate starts from depends on the term
    FIELDS = (
        PRINCIPAL,
        TERM,
        RATE.but(role=None),
        METHOD.but(mentions=((_INTEREST_ALONE, {"method": "interest_first"}),)),
        PRODUCT,
        PRICE.but(only_with_cue=True, is_needed=never),
        DOWN_RATIO,
        INCOME.but(is_needed=never),
    )

    def heard(self, text: str, known: Values, said: Mapping[str, Any], rules: Rules) -> Mapping[str, Any]:
        """Another kind of loan has another rate, unless that was said too: 「那公积金的呢」."""
        product, before = said.get("product"), known.raw("product")
        is_other = product == FUND or (product == COMMERCIAL and before == FUND)
        if not is_other or product == before or "annual_rate" in said or "annual_rate" not in known:
            return said
        return {**said, "annual_rate": f"{offered_rate(rules, known.with_(Source.SAID, said)).normalize():f}"}

    def derive(self, values: Values, rules: Rules) -> Mapping[str, Any]:
        """The loan is what the down payment leaves of the price; less than the least is not offered."""
        if "price" not in values or "down_ratio" not in values:
            return {}
        share = max(values.rate("down_ratio"), _least_share(values, rules))
        return {"principal": f"{down_to_yuan(values.money('price') * (1 - share)):f}"}

    def work_out(self, case: Case) -> Result:
        quotes = [Quote.of(loan) for loan in _loans(case)]
        card = Card(
            title=case.say(
                "payment.title",
                principal=case.values.money("principal"),
                term=case.values.months("term_months"),
            ),
            rows=tuple(_rows(quotes[0], case) if len(quotes) == 1 else _comparison(quotes, case)),
            notes=_notes(quotes, case),
            chart=_chart(quotes, case),
        )
        if len(quotes) > 1:
            return Result(
                _compared(quotes, case),
                card,
                _steps(case),
                caution=_caution(quotes, case),
            )
        quote = quotes[0]
        label = "first" if quote.loan.method is Method.EQUAL_PRINCIPAL else "monthly"
        return Result(
            case.say(
                f"payment.says.{quote.loan.method.value}",
                first=quote.first_payment,
                last=quote.sums.last.payment,
                interest=quote.sums.interest,
                share=quote.sums.interest / quote.loan.principal,
            ),
            card,
            _steps(case),
            caution=_caution(quotes, case),
            figure=Figure(case.say(f"payment.row.{label}"), quote.first_payment),
            interest=quote.sums.interest,
            loans=(PlannedLoan(quote.loan),),
        )


def _least_share(values: Values, rules: Rules) -> Decimal:
    return rules.min_down_payment(values.raw("product")).fraction


def _caution(quotes: Sequence[Quote], case: Case) -> str | None:
    """What of the plan may not be offered: too small a down payment, a payment beyond the income."""
    values = case.values
    said = []
    if "price" in values:
        least = _least_share(values, case.rules)
        most = down_to_yuan(values.money("price") * (1 - least))
        if "down_ratio" in values and values.rate("down_ratio") < least:
            said.append(
                case.say(
                    "payment.too_low",
                    share=values.rate("down_ratio"),
                    least=least,
                    own=values.money("price") - most,
                )
            )
        elif values.money("principal") > most:
            said.append(case.say("payment.too_much", price=values.money("price"), least=least, most=most))
    if "income" in values:
        said += _beyond_income(quotes, case)
    return "\n".join(said) or None


def _beyond_income(quotes: Sequence[Quote], case: Case) -> list[str]:
    values = case.values
    highest = max(quote.first_payment for quote in quotes)
    ratio = case.figures(
        "dti_check", monthly_payment=highest, household_monthly_income=values.money("income")
    )
    if ratio["pass"]:
        return []
    carried = case.figures(
        "affordability",
        household_monthly_income=values.money("income"),
        annual_rate_pct=case.pct(),
        term_months=values.months("term_months"),
    )
    return [
        case.say(
            "payment.beyond_income",
            share=Decimal(ratio["ratio_pct"]) / 100,
            housing=case.rules.fact("ratio.housing").text,
            wan=carried["max_loan_wan_floor"],
            can_be_longer=values.months("term_months") < case.rules.fact("term.bank_max_years").whole * 12,
        )
    ]


def _loans(case: Case) -> tuple[Loan, ...]:
    """One loan, or one for each method."""
    values, chosen = case.values, case.values.method()
    methods = (chosen,) if chosen else tuple(Method)
    return tuple(
        Loan(values.money("principal"), values.rate("annual_rate"), values.months("term_months"), method)
        for method in methods
    )


def _compared(quotes: Sequence[Quote], case: Case) -> str:
    level, falling = quotes
    return case.say(
        "payment.says.both",
        level=level.first_payment,
        first=falling.first_payment,
        less_interest=level.sums.interest - falling.sums.interest,
        more_at_first=falling.first_payment - level.first_payment,
    )


def _steps(case: Case) -> tuple[Step, ...]:
    """Natural next questions, as buttons."""
    return (
        term_step(case, other_term(case.values.months("term_months"))),
        method_step(case, case.values.method()),
        Step(case.say("payment.prepay_button"), payload("calc_payment", {"subject": "prepayment"})),
    )


def _rows(quote: Quote, case: Case) -> list[Row]:
    say = case.say
    sums = quote.sums
    rows = [Row(say("payment.row.method"), say(f"calculation.method.{quote.loan.method.value}"))]
    match quote.loan.method:
        case Method.EQUAL_INSTALMENT:
            rows.append(Row(say("payment.row.monthly"), money(sums.first.payment), emphasis=True))
        case Method.EQUAL_PRINCIPAL:
            rows += [
                Row(say("payment.row.first"), money(sums.first.payment), emphasis=True),
                Row(say("payment.row.last"), money(sums.last.payment)),
            ]
    return [
        *rows,
        Row(say("payment.row.interest"), money(sums.interest)),
        Row(say("payment.row.total"), money(sums.payment)),
    ]


def _comparison(quotes: Sequence[Quote], case: Case) -> list[Row]:
    say = case.say
    level, falling = quotes
    return [
        Row(say("payment.row.level_monthly"), money(level.sums.first.payment), emphasis=True),
        Row(
            say("payment.row.falling_monthly"),
            say(
                "payment.first_to_last",
                first=falling.sums.first.payment,
                last=falling.sums.last.payment,
            ),
            emphasis=True,
        ),
        Row(say("payment.row.level_interest"), money(level.sums.interest)),
        Row(say("payment.row.falling_interest"), money(falling.sums.interest)),
        Row(say("payment.row.difference"), money(level.sums.interest - falling.sums.interest)),
    ]


def _notes(quotes: Sequence[Quote], case: Case) -> tuple[str, ...]:
    say, rules, loan = case.say, case.rules, quotes[0].loan
    notes = [say("payment.note.rate", rate=loan.annual_rate)]
    spread = rules.first_home_spread().whole
    lpr = rules.quote(loan.term_months)
    fund = rules.provident_fund_rate(loan.term_months)
    if loan.annual_rate == rules.example_rate(loan.term_months):
        notes.append(
            say(
                "payment.note.example_rate",
                lpr=lpr.fraction,
                published=lpr.verified_on,
                is_long=loan.term_months > SHORT_TERM_MONTHS,
                spread=spread,
            )
        )
    elif loan.annual_rate == fund.fraction:
        notes.append(say("payment.note.fund_rate", since=fund.effective_from))
    notes.append(say("payment.note.rounding"))
    if len(quotes) > 1:
        notes.append(say("payment.note.comparison"))
    notes.append(say("payment.note.schedule"))
    return tuple(notes)


def _chart(quotes: Sequence[Quote], case: Case) -> Chart:
    """Principal and interest of each year; for two methods, what each year costs under either."""
    say = case.say
    if len(quotes) > 1:
        plans = {say(f"calculation.method.{quote.loan.method.value}"): Plan(quote.loan) for quote in quotes}
        return yearly_lines(case, say("payment.chart.comparison"), plans)
    years = by_year(quotes[0].loan)
    return Chart(
        "stacked_area",
        say("payment.chart.title"),
        tuple(say("payment.chart.year", n=year.year) for year in years),
        {
            say("payment.chart.principal"): tuple(str(year.principal) for year in years),
            say("payment.chart.interest"): tuple(str(year.interest) for year in years),
        },
    )
