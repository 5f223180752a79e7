"""Numbers without a unit, typed by the question that was just asked: 「贷多少年？」 「30」."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.nlu.entity import Sheet, plain, whole
from bot.nlu.numerals import Number, read_number, starts_number

#: The entity that fills each slot a form asks for.
FILLS = {
    "principal": "amount",
    "annual_rate": "rate",
    "term_months": "term_months",
    "method": "method",
    "product": "product",
    "application_no": "application_no",
    "id_last4": "id_last4",
    "code": "code",
}
BOTH = "both"  #: said of the method, where it was just asked for or shown
_BOTH_METHODS = re.compile(
    r"(?:两|2|二)(?:种|个|者)(?:还款)?(?:方式|方法)?(?:都|全都)?(?:看看|看一下|看|算算|算一下|算|要|对比|比较|比一比|比|可以)?"
    r"|都(?:看看|看一下|算算|算一下|算|要)|对比(?:一下)?|比较(?:一下)?|(?<![a-z])both(?![a-z])"
)
#: What a number before it counts is no answer: 「帮我算一下」, 「到哪一步了」, 「两种」.
_COUNTS_OTHERS = re.compile(
    r"\s*(?:号|日|天|岁|套|次|笔|家|人|点钟|步|下|些|样|直|般|起|定|共|种|遍|边|旦|律|切|会|方)"
)
_HIGHEST_YEARS = 50  #: a bare term above this many is counted in months
_LOWEST_YUAN = 10_000  #: a bare sum below this is counted in 万


def read_bare_numbers(sheet: Sheet) -> None:
    """Types the free numbers of an answer (and 「两种都看看」 of the two methods), unless the answer said its type itself."""
    slot = sheet.requested_slot
    if slot == "method" and not sheet.has("method"):
        for match in sheet.matches(_BOTH_METHODS):
            sheet.claim("method", BOTH, match.start(), match.end())
            return
    if slot not in ("principal", "annual_rate", "term_months") or sheet.has(FILLS[slot]):
        return
    place = 0
    while place < len(sheet.text):
        number = read_number(sheet.text, place) if starts_number(sheet.text[place]) else None
        if number is None or not sheet.is_free(number.start, number.end):
            place += 1
            continue
        place = number.end
        if (
            _COUNTS_OTHERS.match(sheet.text, number.end)
            or sheet.text[number.start - 1 : number.start] == "第"
        ):
            continue
        sign = _minus(sheet.text, number.start)
        value = _value(slot, number, -1 if sign else 1)
        if value is not None:
            sheet.claim(FILLS[slot], value, number.start - sign, number.end)


def _value(slot: str, number: Number, sign: int) -> object:
    said = number.value * sign
    if slot == "principal":
        return whole(said * 10_000 if number.is_plain and abs(said) < _LOWEST_YUAN else said)
    if not number.is_plain:
        return None
    if slot == "annual_rate":
        is_fraction = number.has_point and 0 < abs(said) < Decimal("0.2")
        return plain(said if is_fraction else said / 100)
    months = said * 12 if abs(said) <= _HIGHEST_YEARS else said
    return whole(months)


def _minus(text: str, start: int) -> int:
    before = text[max(0, start - 2) : start]
    return 1 if before.endswith("负") or (before.endswith("-") and not before[:-1][-1:].isdigit()) else 0
