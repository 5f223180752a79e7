"""组合贷: a provident-fund loan and a commercial one, repaid side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from actions.calculations.fields import METHOD, PRINCIPAL, TERM
from actions.calculations.model import (
    Case,
    Field,
    Figure,
    Result,
    Source,
    Step,
    Subject,
    Values,
    never,
    payload,
)
from actions.calculations.plans import wire_method
from actions.calculations.rules import Rules
from actions.calculations.steps import method_step, other_term
from actions.calculations.two_rates import COMMERCIAL_RATE, FUND_RATE, rate_notes
from bot.knowledge.formatting import money
from bot.lending import Loan, Method, by_year
from bot.lending.face import Result as Figures
from bot.messages import Card, Chart, Row
from bot.papers import PlannedLoan

#: A term belongs to one part alone only when it stands right behind it: 「公积金20年，商贷30年」.
_FUND_TERM = re.compile(r"(?:^|年|期|部分)公积金[^商]{0,9}$")
_COMMERCIAL_TERM = re.compile(r"(?:^|年|期|部分)商(?:贷|业)[^公]{0,9}$")

FUND_PRINCIPAL = Field("fund_principal", "amount", re.compile("公积金"), only_with_cue=True)
COMMERCIAL_PRINCIPAL = Field(
    "commercial_principal", "amount", re.compile("商贷|商业|银行贷"), only_with_cue=True
)
TOTAL_PRINCIPAL = Field(
    "total_principal", "amount", re.compile("总共|一共|总额|总计|合计|全部|组合贷款?"), is_needed=never
)
FUND_TERM = Field("fund_term_months", "term_months", _FUND_TERM, only_with_cue=True, is_needed=never)
COMMERCIAL_TERM = Field(
    "commercial_term_months", "term_months", _COMMERCIAL_TERM, only_with_cue=True, is_needed=never
)


@dataclass(frozen=True)
class Parts:
    """Both loans."""

    fund: Loan
    commercial: Loan

    @classmethod
    def of(cls, case: Case) -> Parts:
        values = case.values
        fund_term, commercial_term = _terms(values)
        method = values.method() or Method.EQUAL_INSTALMENT
        return cls(
            Loan(values.money("fund_principal"), values.rate("fund_rate"), fund_term, method),
            Loan(
                values.money("commercial_principal"), values.rate("commercial_rate"), commercial_term, method
            ),
        )

    @property
    def principal(self) -> Decimal:
        return self.fund.principal + self.commercial.principal


class Combination(Subject):
    """What both loans cost a month together, and against a commercial loan alone."""

    NAME = "combination"
    FOLLOWS_BY_NAME = True
    TOPICS = ("calc_payment", "provident_fund", "affordability_eligibility")
    ASKED = re.compile(
        r"组合|混合贷|公积金.{0,8}[\d一二三四五六七八九十百]万?[^比跟省差,，。]{0,6}[,，和加]?商(?:贷|业)"
        r"|商(?:贷|业).{0,8}[\d一二三四五六七八九十百]万?[^比跟省差,，。]{0,6}[,，和加]?公积金"
    )
    FIELDS = (
        PRINCIPAL.but(cue=None, only_with_cue=True, is_needed=never),  # the sum of the calculation before
        TOTAL_PRINCIPAL,
        FUND_PRINCIPAL,
        COMMERCIAL_PRINCIPAL,
        TERM.but(cue=None),
        FUND_TERM,
        COMMERCIAL_TERM,
        COMMERCIAL_RATE,
        FUND_RATE,
        METHOD.but(is_needed=never),
    )

    def derive(self, values: Values, rules: Rules) -> Mapping[str, Any]:
        """The part that a total leaves, and the term of a part for both."""
        follows: dict[str, Any] = {}
        whole = values.raw("total_principal") or values.raw("principal")
        if whole is not None:
            total = Decimal(str(whole))
            for part, rest in (
                ("fund_principal", "commercial_principal"),
                ("commercial_principal", "fund_principal"),
            ):
                if part in values and rest not in values and values.money(part) < total:
                    follows[rest] = f"{total - values.money(part):f}"
        if "term_months" not in values and any(_terms(values)):
            follows["term_months"] = max(_terms(values))
        return follows

    def work_out(self, case: Case) -> Result:
        parts = Parts.of(case)
        figures = case.figures(
            "combination", provident_fund=_wire(parts.fund), commercial=_wire(parts.commercial)
        )
        first = Decimal(figures["total_first_payment"])
        interest = Decimal(figures["total_interest"])
        saved = Decimal(figures["interest_saved_vs_all_commercial"])
        is_level = parts.fund.method is Method.EQUAL_INSTALMENT
        card = Card(
            title=case.say("combination.title", principal=parts.principal),
            rows=tuple(_rows(case, parts, figures)),
            notes=_notes(case, parts),
            chart=_chart(case, parts),
        )
        return Result(
            case.say(
                "combination.says",
                is_level=is_level,
                first=first,
                fund=Decimal(figures["pf_first_payment"]),
                commercial=Decimal(figures["commercial_first_payment"]),
                saved=saved,
                less=Decimal(figures["monthly_saving_vs_all_commercial"]),
            ),
            card,
            _steps(case, parts),
            figure=Figure(case.say(f"combination.row.{'total' if is_level else 'total_first'}"), first),
            interest=interest,
            carries={"principal": f"{parts.principal:f}"},
            loans=(
                PlannedLoan(parts.fund, name=case.say("combination.row.fund")),
                PlannedLoan(parts.commercial, name=case.say("combination.row.commercial")),
            ),
        )


def _terms(values: Values) -> tuple[int, int]:
    """The terms of the two parts, the one said last over the ones before; 0 where none was said."""
    fund = commercial = 0
    for name, given in values.items():
        if given.source is Source.DERIVED:
            continue
        match name:
            case "term_months":
                fund = commercial = int(given.value)
            case "fund_term_months":
                fund, commercial = int(given.value), commercial or int(given.value)
            case "commercial_term_months":
                fund, commercial = fund or int(given.value), int(given.value)
    return fund, commercial


def _wire(loan: Loan) -> dict[str, Any]:
    return {
        "principal": f"{loan.principal:f}",
        "annual_rate_pct": f"{loan.annual_rate * 100:f}",
        "term_months": loan.term_months,
        "method": wire_method(loan.method),
    }


def _rows(case: Case, parts: Parts, figures: Figures) -> Sequence[Row]:
    say = case.say
    is_level = parts.fund.method is Method.EQUAL_INSTALMENT
    suffix = "" if is_level else "_first"
    rows = [
        Row(
            say(f"combination.row.total{suffix}"),
            money(Decimal(figures["total_first_payment"])),
            emphasis=True,
        ),
        Row(say("combination.row.fund"), _part(case, parts.fund, figures["pf_first_payment"])),
        Row(
            say("combination.row.commercial"),
            _part(case, parts.commercial, figures["commercial_first_payment"]),
        ),
        Row(say("combination.row.interest"), money(Decimal(figures["total_interest"]))),
        Row(
            say(f"combination.row.all_commercial{suffix}"), money(Decimal(figures["all_commercial_payment"]))
        ),
        Row(say("combination.row.saved"), money(Decimal(figures["interest_saved_vs_all_commercial"]))),
    ]
    if is_level and parts.fund.term_months != parts.commercial.term_months:
        is_fund_longer = parts.fund.term_months > parts.commercial.term_months
        shorter = min(parts.fund.term_months, parts.commercial.term_months)
        left = figures["pf_first_payment" if is_fund_longer else "commercial_first_payment"]
        rows.insert(3, Row(say("combination.row.afterwards", months=shorter), money(Decimal(left))))
    return rows


def _part(case: Case, loan: Loan, payment: str) -> str:
    return case.say(
        "combination.part", payment=Decimal(payment), principal=loan.principal, months=loan.term_months
    )


def _notes(case: Case, parts: Parts) -> tuple[str, ...]:
    return (
        *rate_notes(case),
        case.say("combination.note.method", method=parts.fund.method.value),
        case.say("combination.note.compared"),
        case.say("combination.note.two_loans"),
    )


def _chart(case: Case, parts: Parts) -> Chart:
    """What each loan costs a year, one upon the other."""
    say = case.say
    years = {"fund": by_year(parts.fund), "commercial": by_year(parts.commercial)}
    length = max(len(each) for each in years.values())
    return Chart(
        "stacked_area",
        say("combination.chart.title"),
        tuple(say("combination.chart.year", n=n) for n in range(1, length + 1)),
        {
            say(f"combination.row.{name}"): (
                *(str(year.principal + year.interest) for year in each),
                *("0.00",) * (length - len(each)),
            )
            for name, each in years.items()
        },
    )


def _steps(case: Case, parts: Parts) -> tuple[Step, ...]:
    term = other_term(parts.commercial.term_months)
    more = parts.fund.principal + 100000
    steps = [
        Step(
            case.say("adjust.term_button", term=term),
            payload(
                "adjust_last",
                {"term_months": term, "fund_term_months": term, "commercial_term_months": term},
            ),
        ),
        method_step(case, parts.fund.method),
    ]
    if more < parts.principal:
        steps.append(
            Step(
                case.say("combination.more_button", amount=more),
                payload(
                    "adjust_last",
                    {
                        "fund_principal": f"{more:f}",
                        "commercial_principal": f"{parts.principal - more:f}",
                    },
                ),
            )
        )
    return tuple(steps)
