"""契税: by the price without VAT, the area, and how many homes the household has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from actions.calculations.fields import AREA, PRICE
from actions.calculations.model import (
    Case,
    Choice,
    Field,
    Figure,
    Result,
    Say,
    Step,
    Subject,
    Values,
    payload,
)
from actions.calculations.rules import Rules
from bot.knowledge.formatting import money
from bot.messages import Card, Row

ONLY, SECOND, MORE = 1, 2, 3


def _homes(rules: Rules, values: Values, say: Say) -> Sequence[Choice]:
    return tuple(Choice(say(f"deed_tax.home.{n}"), {"tax_home_count": n}) for n in (ONLY, SECOND, MORE))


#: Counted by the tax office's rule, so never carried over from what the loan counts.
TAX_HOME_COUNT = Field(
    "tax_home_count",
    "home_count",
    choices=_homes,
    mentions=(
        (re.compile(r"(?:第|买)?(?:三|四|3|4)套|多套"), {"tax_home_count": MORE}),
        (re.compile(r"唯一"), {"tax_home_count": ONLY}),
    ),
    answers=(
        (re.compile(r"^第?(?:一|1)套?的?$|唯一|首套"), {"tax_home_count": ONLY}),
        (re.compile(r"^(?:是|买)?第?(?:三|四|3|4)套?房?.{0,3}$|多套"), {"tax_home_count": MORE}),
    ),
)


class DeedTax(Subject):
    """What the tax on buying a home comes to."""

    NAME = "deed_tax"
    FOLLOWS_BY_NAME = True
    TOPICS = ("fees_tax", "calc_payment", "down_payment", "other_mortgage")
    ASKED = re.compile(r"^(?!.*(?:几个点|几个百分|税率)).*(?:契税|deed tax)", re.IGNORECASE)
    FIELDS = (PRICE, AREA, TAX_HOME_COUNT)

    def work_out(self, case: Case) -> Result:
        values, say = case.values, case.say
        homes = values.whole("tax_home_count")
        figures = {
            number: case.figures(
                "deed_tax",
                price_ex_vat=values.money("price"),
                area_sqm=str(values.raw("area_sqm")),
                home_number=number,
            )
            for number in {homes, ONLY}
        }
        tax, for_only = (Decimal(figures[number]["deed_tax"]) for number in (homes, ONLY))
        rate = Decimal(figures[homes]["rate_pct"]) / 100
        limit = case.rules.fact("tax.deed_area_limit").number
        is_small = values.money("area_sqm") <= limit
        card = Card(
            title=say("deed_tax.title", price=values.money("price"), area=values.money("area_sqm")),
            rows=(
                Row(say("deed_tax.row.tax"), money(tax), emphasis=True),
                Row(say("deed_tax.row.rate"), say("deed_tax.rate", rate=rate)),
                Row(say("deed_tax.row.homes"), say(f"deed_tax.home.{homes}")),
                Row(say("deed_tax.row.area"), say("deed_tax.area", is_small=is_small, limit=limit)),
            ),
            notes=(
                say("deed_tax.note.vat"),
                say("deed_tax.note.homes"),
                *((say("deed_tax.note.local"),) if homes == MORE else ()),
            ),
        )
        return Result(
            say("deed_tax.says", tax=tax, rate=rate, homes=homes, more=tax - for_only, is_small=is_small),
            card,
            (
                *(
                    Step(
                        say("deed_tax.home_button", home=say(f"deed_tax.home.{number}")),
                        payload("adjust_last", {"tax_home_count": number}),
                    )
                    for number in (ONLY, SECOND)
                    if number != homes
                ),
                Step(say("deed_tax.taxes_button"), "/fees_tax"),
            ),
            figure=Figure(say("deed_tax.row.tax"), tax),
        )
