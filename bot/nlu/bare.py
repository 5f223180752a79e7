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
_HIGHEST_YEARS = 50  #: a bare term above this many is counted in months
_LOWEST_YUAN = 10_000  #: a bare sum below this is counted in 万


def read_bare_numbers(sheet: Sheet) -> None:
    """Types the free numbers of an answer, unless the answer said its type itself."""
    slot = sheet.requested_slot
    if slot not in ("principal", "annual_rate", "term_months") or sheet.has(FILLS[slot]):
        return
    place = 0
    while place < len(sheet.text):
        number = read_number(sheet.text, place) if starts_number(sheet.text[place]) else None
        if number is None or not sheet.is_free(number.start, number.end):
            place += 1
            continue
        place = number.end
        if re.match(r"\s*(?:号|日|天|岁|套|次|笔|家|人|点钟)", sheet.text[number.end : number.end + 3]):
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
