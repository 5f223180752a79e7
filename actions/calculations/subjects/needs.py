"""What a household needs: facts, risk and feeling asked one by one, then several plans side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from actions.calculations.guidance import SEGMENT, SKIPPED, chosen
from actions.calculations.household import NAME, QUESTIONS
from actions.calculations.model import Case, Result, Step, Subject, Values, payload
from actions.calculations.offers import Offer, Power, best_of, income_for, is_careful, offers_of, power_of
from actions.calculations.planned import rate_note
from actions.calculations.rules import LONG_TERM_MONTHS, Rules
from bot.knowledge.formatting import money, percent
from bot.lending import InvalidInput
from bot.lending.money import exact, to_fen
from bot.messages import Card, Chart, Row
from bot.papers import Section, SummaryPaper


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
        r"^(?!.*(?:还不上|还不起|供不起|断供|逾期|失业|裁员|没工作|扛不住|撑不住|降薪)).*(?:帮我(?:做个?)?(?:规划|设计|参谋|选个?方案|配个?方案)|(?:给|出|做|推荐)我?(?:几个|几种|几套|一个|个)?(?:贷款)?(?:方案|规划)|需求诊断)",
        re.DOTALL,
    )
    NEEDS_NO_FIGURE = True
    FIELDS = tuple(QUESTIONS)

    def derive(self, values: Values, rules: Rules) -> Mapping[str, Any]:
        """The term by which the rate and the limit go, as the plans have terms of their own; whether there is a loan."""
        follows: dict[str, Any] = {"term_months": LONG_TERM_MONTHS}
        if "price" in values and "savings" in values:
            savings, price = values.money("savings"), values.money("price")
            follows["is_settled"] = not _least(rules, price) <= savings < price
        return follows

    def work_out(self, case: Case) -> Result:
        principal = _principal(case)
        if case.values.money("savings") < _least(case.rules, case.values.money("price")):
            return _too_little(case)
        offers, power = offers_of(case, principal), power_of(case)
        best = best_of(case, offers, power)
        says, chart, notes = (
            _says(case, principal, best, offers, power),
            _chart(case, offers, power),
            _notes(case, offers),
        )
        title, words = case.say(f"{NAME}.title", principal=principal), _heart(case)
        settles = _settles(case, best)
        return Result(
            says,
            Card(
                title,
                tuple(Row(offer.title, _row(case, offer, power), emphasis=offer is best) for offer in offers),
                notes,
                chart,
            ),
            (
                Step(case.say(f"{NAME}.button.stress"), payload("calc_payment", {"subject": "stress"})),
                Step(
                    case.say(f"{NAME}.button.payment"),
                    payload("calc_payment", settles),
                ),
                Step(case.say("guidance.human_button"), "/human_agent"),
            ),
            caution=words,
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
                    Section(case.say(f"{NAME}.worried"), paragraphs=(words,)),
                ),
                notes,
                chart,
            ),
        )


def _settles(case: Case, best: Offer) -> dict[str, Any]:
    """The recommended plan as a button carries it on; of a combined one the parts are known already."""
    if best.fund and best.commercial:
        return {"subject": "combination"}
    loan = best.loans[0]
    return {
        "subject": "payment",
        "principal": int(loan.principal),
        "term_months": loan.term_months,
        "method": loan.method.value,
        "annual_rate": f"{loan.annual_rate.normalize():f}",
    }


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


def _says(case: Case, principal: Decimal, best: Offer, offers: Sequence[Offer], power: Power | None) -> str:
    if power is None:
        dearest = max(offers, key=lambda offer: offer.payment)
        return case.say(
            f"{NAME}.says_without_income",
            principal=principal,
            best=best,
            needed=income_for(case, best),
            dearest=dearest,
            needed_most=income_for(case, dearest),
        )
    return case.say(
        f"{NAME}.says",
        principal=principal,
        best=best,
        bears=power.bears(best),
        bears_worse=power.bears_worse(best),
        limit=power.limit,
        is_careful=is_careful(case),
    )


def _heart(case: Case) -> str:
    """What is said to why they buy and to what worries them, and what the customer's own case asks for."""
    raw = case.values.raw
    keys, named = [f"answer.{raw('worry')}"], {"reserve": _reserve(case)}
    if raw("why") not in (None, SKIPPED):
        keys.append(f"because.{raw('why')}")
    for name in ("swap", "records", "residence"):
        if raw(name) is not None and raw(SEGMENT) is not None:
            keys.append(f"advice.{name}.{raw(name)}")
    if "old_payment" in case.values:
        keys.append("advice.two_payments")
        named["old"] = money(case.values.money("old_payment"))
    if raw("residence") is not None:
        named["years"] = case.rules.fact("eligibility.foreigner_residence_years").text
    return "".join(case.say(f"{NAME}.{key}", **named) for key in keys)


def _row(case: Case, offer: Offer, power: Power | None) -> str:
    """The plan in one line: what it costs, what stress makes of it, and whom it fits."""
    return case.say(
        f"{NAME}.row",
        offer=offer,
        share_less=_share(case, offer.payment, power.less) if power else None,
        whom=case.say(f"{NAME}.whom_short.{offer.name}"),
    )


def _share(case: Case, paid: Decimal, income: Decimal) -> str:
    found = case.figures("dti_check", monthly_payment=paid, household_monthly_income=income)
    return percent(Decimal(found["ratio_pct"]) / 100)


def _reserve(case: Case) -> str:
    return case.rules.fact("guidance.reserve_months").text


def _chart(case: Case, offers: Sequence[Offer], power: Power | None) -> Chart:
    figures = {
        "payment": [offer.payment for offer in offers],
        "risen": [offer.risen for offer in offers],
    }
    if power is not None:
        figures["limit_less"] = [power.limit_less for _ in offers]
    return Chart(
        "bars",
        case.say(f"{NAME}.chart.title"),
        tuple(case.say(f"{NAME}.short.{offer.name}") for offer in offers),
        {
            case.say(f"{NAME}.chart.{name}"): tuple(f"{each:f}" for each in line)
            for name, line in figures.items()
        },
    )


def _notes(case: Case, offers: Sequence[Offer]) -> tuple[str, ...]:
    facts = case.rules.fact
    notes = [
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
    ]
    rates = {offer.commercial.annual_rate for offer in offers if offer.commercial}
    for other in sorted(rates - {case.values.rate("annual_rate")}):
        notes.insert(1, case.say(f"{NAME}.note.short_term", rate=other))
    if "fund_principal" in case.values:
        notes.append(case.say(f"{NAME}.note.fund", rise=facts("guidance.fund_rate_rise").fraction))
    return tuple(notes)


def _facts(case: Case, power: Power | None) -> tuple[tuple[str, str], ...]:
    values = case.values
    asked = ("swap", "family", "job", "records", "residence", "plans", "rise_felt", "reserve", "why", "worry")
    facts = [("price", money(values.money("price"))), ("savings", money(values.money("savings")))]
    facts.append(("income", money(power.income) if power else case.say("guidance.skipped")))
    if power is not None:
        facts.append(("limit", money(power.limit)))
    if "old_payment" in values:
        facts.append(("old_payment", money(values.money("old_payment"))))
    facts += [(name, chosen(case, NAME, name)) for name in asked if values.raw(name) is not None]
    if values.raw(SEGMENT) is not None:
        facts.insert(0, ("segment", case.say(f"{NAME}.segment.{values.raw(SEGMENT)}")))
    return tuple((case.say(f"{NAME}.fact.{name}"), said) for name, said in facts)


def _table(case: Case, offers: Sequence[Offer], power: Power | None) -> tuple[tuple[str, ...], ...]:
    columns = ("offer", "payment", "interest", "risen", *(("share", "share_less") if power else ("needed",)))
    return (
        tuple(case.say(f"{NAME}.column.{name}") for name in columns),
        *(
            (
                offer.title,
                money(offer.payment),
                money(offer.interest),
                money(offer.risen),
                *(
                    (_share(case, offer.payment, power.income), _share(case, offer.payment, power.less))
                    if power
                    else (money(income_for(case, offer)),)
                ),
            )
            for offer in offers
        ),
    )
