"""What if: the rate some way down, as it is, and as far up, for the rest of a loan."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from actions.calculations.model import Case, Field, Figure, Result, Step, Values, payload
from actions.calculations.own_loan import RUNNING, OwnLoan, running_loan
from actions.calculations.plans import Plan, wire_method, yearly_lines
from actions.calculations.rules import Rules
from bot.knowledge.formatting import money, percent
from bot.lending import RateChange
from bot.lending.kinds.repricing import MAX_SPREAD
from bot.messages import Card, Row

USUAL_BAND = 50  #: basis points either way
OTHER_BAND = 100
NAMES = ("lower", "same", "higher")


class RateBands(OwnLoan):
    """Best, same and worse, each held to the end."""

    NAME = "rate_bands"
    TOPICS = ("rate_change", "calc_payment")
    ASKED = re.compile(
        r"(?:利率|lpr|LPR).*(?:涨跌|波动|涨或者?跌|升降|最坏|最好)|(?:涨跌|最坏|压力).*(?:月供|利率)"
    )
    WANTS_FIGURES = re.compile("涨跌.*(?:我|月供|怎样|怎么样|影响)|最坏")
    FIELDS = (
        *RUNNING,
        Field("band_bp", "rate_spread_bp", default=lambda rules, values: USUAL_BAND),
    )

    def heard(self, text: str, known: Values, said: Mapping[str, Any], rules: Rules) -> Mapping[str, Any]:
        """A band goes both ways, however it was said."""
        if not isinstance(said.get("band_bp"), int):
            return said
        return {**said, "band_bp": abs(said["band_bp"])}

    def work_out(self, case: Case) -> Result:
        loan, band = running_loan(case), min(abs(case.values.whole("band_bp")), MAX_SPREAD)
        found = case.figures(
            "rate_bands",
            principal=loan.principal,
            annual_rate_pct=case.pct(),
            term_months=loan.term_months,
            method=wire_method(loan.method),
            shifts_bp=[-band, 0, band],
        )
        bands = dict(zip(NAMES, found["bands"], strict=True))
        rates = {name: Decimal(each["annual_rate_pct"]) / 100 for name, each in bands.items()}
        plans = {
            case.say("rate_bands.line", rate=rate): Plan(loan, (RateChange(1, rate),))
            for rate in dict.fromkeys(rates.values())
        }
        other = OTHER_BAND if band == USUAL_BAND else USUAL_BAND
        return Result(
            case.say(
                "rate_bands.says",
                band=band,
                less=-Decimal(bands["lower"]["payment_change"]),
                payment=Decimal(bands["same"]["payment"]),
                more=Decimal(bands["higher"]["payment_change"]),
            ),
            Card(
                title=case.say("rate_bands.title", balance=loan.principal, months=loan.term_months),
                rows=_rows(case, bands, rates),
                notes=tuple(found["assumptions"]),
                chart=yearly_lines(case, case.say("rate_bands.chart"), plans),
            ),
            (
                Step(
                    case.say("rate_bands.other_button", band=other),
                    payload("adjust_last", {"band_bp": other}),
                ),
            ),
            figure=Figure(case.say("rate_bands.worst", band=band), Decimal(bands["higher"]["payment"])),
        )


def _rows(case: Case, bands: Mapping[str, Any], rates: Mapping[str, Decimal]) -> tuple[Row, ...]:
    return (
        *(
            Row(
                case.say(f"rate_bands.row.{name}", rate=percent(rates[name])),
                money(Decimal(bands[name]["payment"])),
                emphasis=name == "same",
            )
            for name in NAMES
        ),
        Row(case.say("rate_bands.row.less"), money(-Decimal(bands["lower"]["interest_change"]))),
        Row(case.say("rate_bands.row.more"), money(Decimal(bands["higher"]["interest_change"]))),
    )
