"""Numbers that name something: application numbers, phones, the end of an identity number, one-time codes."""

from __future__ import annotations

import re

from bot.nlu.entity import Sheet

_APPLICATION = re.compile(r"fx[\s\-_:]*((?:\d[\s\-]*){10})(?!\d)")
_TEN_DIGITS = re.compile(r"(?<![\da-z])((?:\d[\s\-]?){9}\d)(?!\d)")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[\s\-]?)?(1[3-9]\d(?:[\s\-]?\d){8})(?!\d)")
_IDENTITY = re.compile(
    r"(?<!\d)\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dx](?![\da-z])"
)
_LAST4_SAID = re.compile(
    r"(?:身份证|证件)(?:号码?)?(?:的)?(?:后|末|最后|尾号)(?:4|四)?位?(?:数字?|号)?(?:码)?(?:[是为:：\s]|就是)*(\d{3}[\dx])(?![\da-z])"
)
#: 「后四位是0429」 means the identity number's, unless a card's or a phone's was named.
_LAST4_OF = re.compile(
    r"(?<!卡号)(?<!卡)(?<!卡的)(?<!手机)(?<!手机号)(?<!电话)(?<!账号)(?<!合同号)(?:后|末|最后)(?:4|四)位(?:数字?|号码?)?(?:[是为:：\s]|就是)*(\d{3}[\dx])(?![\da-z])"
)
_LAST4_BARE = re.compile(r"(?<![\da-z])(\d{3}[\dx])(?![\da-z%])")
#: Beside an application number four characters of their own need no name: 「FX2026110001 123X」.
_LAST4_BESIDE = re.compile(r"(?<![\da-z.])(\d{3}[\dx])(?![\da-z%.])(?!\s*[年月元万块期])")
_CODE_SAID = re.compile(r"(?<![\da-z])(\d{3}[\s\-]?\d{3})(?![\da-z])(?!\s*[元万块])")


def read_identifiers(sheet: Sheet) -> None:
    """Application numbers and phones anywhere; the rest where it was named or asked for."""
    for match in sheet.matches(_APPLICATION):
        end = match.start(1) + len(match.group(1).rstrip(" -\n"))
        sheet.claim("application_no", "FX" + _digits(match.group(1)), match.start(), end)
    if sheet.requested_slot == "application_no" and not sheet.has("application_no"):
        for match in sheet.matches(_TEN_DIGITS):
            sheet.claim("application_no", "FX" + _digits(match.group(1)), match.start(1), match.end(1))
    for match in sheet.matches(_IDENTITY):
        # A whole identity number was typed: only its end is kept as a value.
        sheet.claim("id_last4", match.group()[-4:].upper(), match.start(), match.end())
    for match in sheet.matches(_PHONE):
        sheet.claim("phone", _digits(match.group(1)), match.start(), match.end())
    for pattern in (_LAST4_SAID, _LAST4_OF):
        for match in sheet.matches(pattern):
            sheet.claim("id_last4", match.group(1).upper(), match.start(1), match.end(1))
    if sheet.requested_slot == "id_last4" and not sheet.has("id_last4"):
        for match in sheet.matches(_LAST4_BARE):
            sheet.claim("id_last4", match.group(1).upper(), match.start(1), match.end(1))
    if sheet.has("application_no") and not sheet.has("id_last4"):
        for match in sheet.matches(_LAST4_BESIDE):
            sheet.claim("id_last4", match.group(1).upper(), match.start(1), match.end(1))
    if sheet.requested_slot == "code":
        for match in sheet.matches(_CODE_SAID):
            sheet.claim("code", _digits(match.group(1)), match.start(1), match.end(1))


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
