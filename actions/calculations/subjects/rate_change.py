"""What a change of the rate does to a loan that runs: a new rate, a move in basis points, a cut of the spread."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from actions.calculations.fields import PRODUCT
from actions.calculations.model import (
    Case,
    Choice,
    Field,
    Figure,
    Result,
    Say,
    Source,
    Step,
    Values,
    never,
    payload,
)
from actions.calculations.own_loan import RUNNING, OwnLoan, running_loan
from actions.calculations.rules import LONG_TERM_MONTHS, Rules
from bot.knowledge.formatting import money, percent
from bot.lending import InvalidInput, Method, totals
from bot.lending.days import month_of
from bot.messages import Card, Row

BASIS_POINT = Decimal("0.0001")
USUAL_CUT = -25  #: basis points: the step in which the LPR has mostly moved
#: Above this many per cent a lone number behind 「涨到」 is no rate.
HIGHEST_LIKELY_RATE = 15

_NUMBER = r"\d+(?:\.\d+)?"
_FROM_TO = re.compile(
    rf"(?<![\d+\-])(?P<old>{_NUMBER})\s*%?\s*(?:下?降|下调|上?涨|上调|升|调|变|改|换|转)[^\d,，。;；]{{0,4}}(?P<new>{_NUMBER})\s*(?!\.|\d|万|年|月|期|个?基点|bp)"
)
_TO = re.compile(
    rf"(?:降|涨|升|调|变|改|换)\s*(?:低|高|整)?\s*(?:到|至|成|为)\s*(?P<new>{_NUMBER})\s*(?:%|个点|呢|会|的|月供|每|[,，。?？]|$)"
)
_BY = re.compile(
    r"(?P<way>降低?|下降|下调|减少?|调低|涨|上涨|上调|升|上升|加)\s*了?\s*(?P<by>0?\.\d+)\s*(?:%|个?百分点|个?点)?(?!\d)"
)
_SPREAD_MOVE = re.compile(
    r"加?点差?[^\d,，。;；]{0,5}?(?P<old_sign>[+＋\-－加减负]?)\s*(?P<old>\d{1,3})\s*(?:个?基点|个?bp|个?点)?\s*"
    r"(?:降|减|调|变|改)[^\d+＋\-－加减负,，。;；]{0,4}(?P<new_sign>[+＋\-－加减负]?)\s*(?P<new>\d{1,3})(?!\.)",
    re.IGNORECASE,
)
#: 「LPR-30」 says where the rate will stand, 「LPR降30」 how far it moves.
_OVER_LPR = re.compile(r"lpr\s*(?:的?基础上)?\s*(?:减|加|[-+－＋])", re.IGNORECASE)
_DOWN = ("降", "下", "减", "调低")
_ONCE_MORE = re.compile(r"再(?:降|涨|升|加|减|下|上|调|低|高)")


def likely_new_rates(rules: Rules, values: Values, say: Say) -> Sequence[Choice]:
    """The usual cut, and where many existing loans were put."""
    found = []
    if "annual_rate" in values:
        cut = values.rate("annual_rate") + USUAL_CUT * BASIS_POINT
        if cut > 0:
            found.append(Choice(say("rate_change.cut_button", points=-USUAL_CUT), _settles(cut)))
    if rules.has("pricing.existing_batch_spread"):
        spread = rules.fact("pricing.existing_batch_spread").whole
        rate = rules.with_spread(LONG_TERM_MONTHS, spread)
        found.append(Choice(say("rate_change.batch_button", spread=spread, rate=rate), _settles(rate)))
    return found


def _settles(rate: Decimal) -> Mapping[str, str]:
    return {"new_rate": f"{rate.normalize():f}"}


NEW_RATE = Field(
    "new_rate",
    "rate",
    re.compile("降到|降至|涨到|涨至|升到|调到|调至|调整到|调整为|变成|变为|改成|改为|换成|转成|新利率|以后"),
    role="to",
    choices=likely_new_rates,
)
SHIFT = Field("shift_bp", "rate_spread_bp", is_needed=never)
#: The day from which the new rate holds; without it, the next instalment.
REPRICING_DATE = Field("repricing_date", "date", is_needed=never)


def hear_rates(text: str, known: Values, said: Mapping[str, Any], rules: Rules) -> dict[str, Any]:
    """Both rates of a change, a move in hundredths, a new spread; 「再降」 counts from the last new rate."""
    heard = dict(said)
    spread = _SPREAD_MOVE.search(text)
    pair = None if spread else _FROM_TO.search(text)
    by = None if spread or pair else _BY.search(text)
    to = None if spread or pair or by else _TO.search(text)
    if spread:
        old = _signed(spread["old_sign"], spread["old"])
        heard["shift_bp"] = _signed(spread["new_sign"], spread["new"]) - old
    elif pair and _is_rate(pair["old"]) and _is_rate(pair["new"]):
        heard |= {"annual_rate": _fraction(pair["old"]), "new_rate": _fraction(pair["new"])}
    elif by:
        points = int(Decimal(by["by"]) * 100)
        moved = _fraction(by["by"])
        heard = {name: value for name, value in heard.items() if str(value) != moved}
        heard["shift_bp"] = -points if by["way"].startswith(_DOWN) else points
    elif to and _is_rate(to["new"]):
        heard["new_rate"] = _fraction(to["new"])
        if heard.get("annual_rate") == heard["new_rate"]:
            del heard["annual_rate"]
    elif "shift_bp" in heard and _OVER_LPR.search(text):
        months = heard.get("remaining_months") or known.raw("remaining_months") or LONG_TERM_MONTHS
        heard |= _settles(rules.with_spread(int(months), int(heard["shift_bp"])))
    if "new_rate" in heard:
        heard.pop("shift_bp", None)
    return _moved(heard, known, bool(_ONCE_MORE.search(text)))


def _moved(heard: dict[str, Any], known: Values, is_once_more: bool) -> dict[str, Any]:
    """A move in basis points as the field it belongs to: it follows the rate that it starts from."""
    if "shift_bp" not in heard or "new_rate" not in known:
        return heard
    shift = int(heard["shift_bp"])
    if known["new_rate"].source is Source.DERIVED:
        if is_once_more:
            heard["shift_bp"] = shift + known.whole("shift_bp")
        return heard
    base = (
        known.rate("new_rate")
        if is_once_more
        else Decimal(heard.get("annual_rate") or known.raw("annual_rate"))
    )
    del heard["shift_bp"]
    return {**heard, **_settles(base + shift * BASIS_POINT)}


def _signed(sign: str, number: str) -> int:
    return -int(number) if sign in ("-", "－", "减", "负") else int(number)


def _is_rate(number: str) -> bool:
    return 0 < Decimal(number) <= HIGHEST_LIKELY_RATE


def _fraction(number: str) -> str:
    return f"{(Decimal(number) / 100).normalize():f}"


def derived_new_rate(values: Values) -> Mapping[str, Any]:
    """The new rate of a move in basis points; nothing costs less than nothing."""
    if "shift_bp" not in values or "annual_rate" not in values:
        return {}
    moved = values.rate("annual_rate") + values.whole("shift_bp") * BASIS_POINT
    return _settles(max(Decimal(0), moved))


class RateChange(OwnLoan):
    """The next payment and the interest ahead, at the old rate and at the new one."""

    NAME = "rate_change"
    TOPICS = ("rate_change", "calc_payment", "balance_query", "loan_term")
    ASKED = re.compile(
        r"^(?!.*(?:提前|先还|商转公|展期|违约金)).*(?:(?:利率|利息|lpr|基点|加点|点差|降息|加息|重定价|存量|房贷)"
        r".*(?:少还|少付|多还|多付|多交|少交|少多少|多多少|少掉?多少|省|影响|变化|差多少|降多少|涨多少|变多少)"
        r"|(?:月供|每月|每个月).{0,6}(?:少还?多少|多还?多少|降多少|涨多少).*(?:利率|lpr|基点)"
        r"|利率.{0,6}从.{1,10}(?:降|涨|升|调).*(?:月供|每月|每个月|利息))",
        re.IGNORECASE | re.DOTALL,
    )
    WANTS_FIGURES = re.compile(r"(?:月供|每月|每个月|我).{0,8}(?:少|多|省|降|涨)(?:还|付|交)?多少")
    FIELDS = (
        *RUNNING[:3],
        RUNNING[3].but(cue=re.compile("利率|年利|原来|现在|目前|之前")),
        NEW_RATE,
        *RUNNING[4:],
        SHIFT,
        REPRICING_DATE,
        PRODUCT,
    )

    def heard(self, text: str, known: Values, said: Mapping[str, Any], rules: Rules) -> Mapping[str, Any]:
        return hear_rates(text, known, said, rules)

    def derive(self, values: Values, rules: Rules) -> Mapping[str, Any]:
        return {**super().derive(values, rules), **derived_new_rate(values)}

    def work_out(self, case: Case) -> Result:
        loan, new_rate = running_loan(case), case.values.rate("new_rate")
        period = _first_period(case)
        before, after, interest, notes = _figures(case, period)
        old_interest = totals(loan).interest
        saved, less_interest = before - after, old_interest - interest
        shown = {
            "old_rate": loan.annual_rate,
            "new_rate": new_rate,
            "before": before,
            "after": after,
            "difference": abs(saved),
            "interest": abs(less_interest),
            "is_falling": loan.method is Method.EQUAL_PRINCIPAL,
        }
        way = "same" if new_rate == loan.annual_rate else "falls" if saved >= 0 else "rises"
        rows = (
            Row(case.say("rate_change.row.rate"), f"{percent(loan.annual_rate)} → {percent(new_rate)}"),
            Row(case.say("rate_change.row.before"), money(before)),
            Row(case.say("rate_change.row.after"), money(after), emphasis=True),
            Row(case.say(f"rate_change.row.monthly_{way}"), money(abs(saved))),
            Row(case.say(f"rate_change.row.interest_{way}"), money(abs(less_interest))),
        )
        return Result(
            case.say(f"rate_change.says.{way}", **shown),
            Card(
                title=case.say("rate_change.title", balance=loan.principal, months=loan.term_months),
                rows=rows,
                notes=(*_when(case, period), *notes),
            ),
            _steps(case, new_rate),
            figure=Figure(case.say("rate_change.row.after"), after),
            interest=interest,
            carries={"new_rate": f"{new_rate.normalize():f}"},
        )


def _first_period(case: Case) -> int:
    """The first whole instalment period at the new rate, counted from today."""
    if "repricing_date" not in case.values:
        return 1
    day = date.fromisoformat(str(case.values.raw("repricing_date")))
    months = month_of(day) - month_of(case.today)
    if day <= case.today or months >= case.values.months("remaining_months"):
        raise InvalidInput("out_of_range", "repricing_date", case.say("rate_change.not_that_day", day=day))
    return months + 1


def _figures(case: Case, period: int) -> tuple[Decimal, Decimal, Decimal, Sequence[str]]:
    """Payment before and after, the interest ahead with the change, and what the core assumed."""
    given = {
        "principal": case.values.money("balance"),
        "annual_rate_pct": case.pct(),
        "term_months": case.values.months("remaining_months"),
        "rate_changes": [
            {"effective_period": period, "annual_rate_pct": f"{case.pct('new_rate'):f}"},
        ],
    }
    if case.values.method() is Method.EQUAL_PRINCIPAL:
        found = case.figures("rate_change_equal_principal", **given)
        payments = found["payment_without_change"], found["payment_at_change"]
    else:
        found = case.figures("rate_change", **given)
        payments = found["payments"][0], found["payments"][1]
    return Decimal(payments[0]), Decimal(payments[1]), Decimal(found["total_interest"]), found["assumptions"]


def _when(case: Case, period: int) -> list[str]:
    """From when the new rate holds."""
    notes = []
    if case.values.raw("product") == "provident_fund":
        notes.append(case.say("rate_change.note.fund"))
    elif case.rules.has("pricing.repricing_days") and case.rules.has("pricing.repricing_months"):
        notes.append(
            case.say(
                "rate_change.note.when",
                days=case.rules.fact("pricing.repricing_days").text,
                months=case.rules.fact("pricing.repricing_months").text,
            )
        )
    if period == 1:
        notes.append(case.say("rate_change.note.from_now"))
    return notes


def _steps(case: Case, new_rate: Decimal) -> tuple[Step, ...]:
    lower = new_rate + USUAL_CUT * BASIS_POINT
    steps = []
    if lower > 0:
        steps.append(
            Step(
                case.say("rate_change.lower_button", points=-USUAL_CUT),
                payload("adjust_last", _settles(lower)),
            )
        )
    return (
        *steps,
        Step(case.say("rate_change.bands_button"), payload("calc_payment", {"subject": "rate_bands"})),
        Step(case.say("rate_change.month_button"), payload("calc_payment", {"subject": "repricing_month"})),
    )
