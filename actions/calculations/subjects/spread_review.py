"""Whether an existing loan's spread over the LPR may come down, and how far."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.calculations.model import Case, Choice, Field, Result, Say, Step, Subject, Values, payload
from actions.calculations.rules import LONG_TERM_MONTHS, Rules
from bot.messages import Card, Row

_SPREAD = re.compile(
    r"(?:加点|点差|lpr)[^\d+＋\-－加减负,，。;；]{0,6}(?P<sign>[+＋\-－加减负]?)\s*(?P<points>\d{1,3})(?![.\d%])",
    re.IGNORECASE,
)


def _usual_spreads(rules: Rules, values: Values, say: Say) -> tuple[Choice, ...]:
    return tuple(
        Choice(say("spread_review.spread_button", spread=bp), {"spread_bp": bp}) for bp in (-30, 0, 20)
    )


class SpreadReview(Subject):
    """Eligible or not, by the mechanism for existing loans."""

    NAME = "spread_review"
    TOPICS = ("rate_change", "calc_payment")
    ASKED = re.compile(
        r"(?:加点|点差|lpr\s*[+＋加]).*(?:调低|下调|调下来|降下来|降低|协商|置换|能降|能调|可以降|可以调|降吗|调吗|偏高|太高|高不高)",
        re.IGNORECASE,
    )
    WANTS_FIGURES = _SPREAD
    FIELDS = (Field("spread_bp", "rate_spread_bp", choices=_usual_spreads),)

    def heard(self, text: str, known: Values, said: Mapping[str, Any], rules: Rules) -> Mapping[str, Any]:
        """「加点+20」: the reader of messages wants a unit behind it."""
        found = _SPREAD.search(text)
        if found is None or "spread_bp" in said:
            return said
        points = int(found["points"])
        return {**said, "spread_bp": -points if found["sign"] in ("-", "－", "减", "负") else points}

    def work_out(self, case: Case) -> Result:
        spread = case.values.whole("spread_bp")
        case.rules.fact("pricing.existing_gap_threshold")
        found = case.figures("existing_spread_adjust", spread_bp=spread)
        floor, is_eligible = int(found["new_spread_bp_floor"]), bool(found["eligible"])
        rate, lowest = (case.rules.with_spread(LONG_TERM_MONTHS, each) for each in (spread, floor))
        rows = [
            Row(
                case.say("spread_review.row.own"), case.say("spread_review.priced", spread=spread, rate=rate)
            ),
            Row(
                case.say("spread_review.row.floor"),
                case.say("spread_review.priced", spread=floor, rate=lowest),
                emphasis=True,
            ),
            Row(
                case.say("spread_review.row.verdict"), case.say(f"spread_review.verdict.{_word(is_eligible)}")
            ),
        ]
        quote = case.rules.quote(LONG_TERM_MONTHS)
        note = case.say("spread_review.note.quote", lpr=quote.fraction, published=quote.verified_on)
        return Result(
            case.say(
                f"spread_review.says.{_word(is_eligible)}",
                spread=spread,
                floor=floor,
                less=spread - floor,
                rate=lowest,
            ),
            Card(case.say("spread_review.title"), tuple(rows), (note, *found["assumptions"])),
            _steps(case, spread, floor, is_eligible),
        )


def _word(is_eligible: bool) -> str:
    return "eligible" if is_eligible else "not_eligible"


def _steps(case: Case, spread: int, floor: int, is_eligible: bool) -> tuple[Step, ...]:
    """What the cut would do to the payment; without one, a person who may know the contract."""
    if not is_eligible:
        return (Step(case.say("handoff_reply.button"), "/human_agent"),)
    begun = {"subject": "rate_change", "shift_bp": floor - spread}
    return (
        Step(case.say("spread_review.payment_button"), payload("calc_payment", begun)),
        Step(case.say("handoff_reply.button"), "/human_agent"),
    )
