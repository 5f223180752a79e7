"""Numbers that name something: application numbers, phones, the end of an identity number, one-time codes."""

from __future__ import annotations

import re

from bot.nlu.entity import Sheet

_APPLICATION = re.compile(r"fx[\s\-_:]*((?:\d[\s\-]*){10})(?!\d)")
_TEN_DIGITS = re.compile(r"(?<![\da-z])((?:\d[\s\-]?){9}\d)(?!\d)")
#: Digits said one by one in Chinese: 「一三八零零一三八零零零」, and 1 said as 幺.
_SPOKEN = {char: str(place) for place, char in enumerate("零一二三四五六七八九")} | {"〇": "0", "幺": "1"}
_SPOKEN_PHONE = re.compile(
    r"(?<![零〇幺一二三四五六七八九])[一幺][三四五六七八九](?:[\s\-]?[零〇幺一二三四五六七八九]){9}(?![零〇幺一二三四五六七八九十百千万])"
)
#: Ten digits that were named as the number of an application, FX left out.
_NAMED_TEN_DIGITS = re.compile(
    r"(?:申请|受理|贷款|业务)(?:的)?(?:编号|单号|号码?|号)(?:[是为:：\s]|就是)*((?:20\d{2})(?:[\s\-]?\d){6})(?!\d)"
)
#: Ten digits that look like one, in talk of an application.
_LIKELY_TEN_DIGITS = re.compile(r"(?<![\da-z])(20[2-9]\d(?:0[1-9]|1[0-2])\d{4})(?!\d)")
_OF_AN_APPLICATION = re.compile(r"申请|单子|单号|编号|进度|受理|查")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[\s\-]?)?(1[\s\-]?[3-9](?:[\s\-]?\d){9})(?!\d)")
#: A phone of any kind where a phone is what was named or, in the first question of the check, may be given.
_PHONE_SAID = re.compile(
    r"(?:手机|电话)(?:号码?)?(?:[是为:：\s]|就是)*(?:\+?86[\s\-]?)?(1\d{2}(?:[\s\-]?\d){8})(?!\d)"
)
_PHONE_ASKED = re.compile(r"(?<!\d)(?:\+?86[\s\-]?)?(1\d{2}(?:[\s\-]?\d){8})(?!\d)")
_IDENTITY = re.compile(
    r"(?<!\d)\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dx](?![\da-z])"
)
#: Four signs with blanks or dashes between them, in digits or said one by one.
_FOUR = r"((?:[\d零〇幺一二三四五六七八九][\s\-]?){3}[\d零〇幺一二三四五六七八九x])(?![\da-z零〇一二三四五六七八九十百千万])"
_LAST4_SAID = re.compile(
    r"(?:身份证|证件)(?:号码?)?(?:的)?(?:后|末尾|末|最后|尾号|尾数|尾)(?:4|四)?(?:位|个)?(?:数字?|号)?(?:码)?(?:[是为:：\s]|就是)*"
    + _FOUR
)
_LAST4_IN_ENGLISH = re.compile(
    r"(?<![a-z])(?:id(?:\s+(?:card|number|no\.?))*\s+(?:ends?|ending)\s+(?:with|in)|last\s+(?:4|four)(?:\s+(?:digits?|characters?|numbers?))?(?:\s+of\s+(?:my\s+)?(?:the\s+)?id(?:\s+(?:card|number))*)?)(?:\s+(?:is|are)|[:\s])*"
    r"(\d{3}[\dx])(?![\da-z])"
)
#: 「后四位是0429」 means the identity number's, unless a card's or a phone's was named.
_LAST4_OF = re.compile(
    r"(?<!卡号)(?<!卡)(?<!卡的)(?<!手机)(?<!手机号)(?<!电话)(?<!账号)(?<!合同号)(?:后|末|最后)(?:4|四)位(?:数字?|号码?)?(?:[是为:：\s]|就是)*"
    + _FOUR
)
_LAST4_BARE = re.compile(r"(?<![\da-z])(\d{3}[\dx])(?![\da-z%])")
#: Beside an application number (or the phone that may stand for it) four characters of their own need no name: 「FX2026110001 123X」.
_LAST4_BESIDE = re.compile(r"(?<![\da-z.])(\d{3}[\dx])(?![\da-z%.])(?!\s*[年月元万块期])")
#: 「手机尾号3321」.
_OF_ANOTHER = re.compile(r"(?:手机|电话|卡)\S{0,4}$")
_CODE_SAID = re.compile(r"(?<![\da-z])(\d{3}[\s\-]?\d{3})(?![\da-z])(?!\s*[元万块])")


def read_identifiers(sheet: Sheet) -> None:
    """Application numbers and phones anywhere; the rest where it was named or asked for."""
    for match in sheet.matches(_APPLICATION):
        end = match.start(1) + len(match.group(1).rstrip(" -\n"))
        sheet.claim("application_no", "FX" + _digits(match.group(1)), match.start(), end)
    for match in sheet.matches(_NAMED_TEN_DIGITS):
        sheet.claim("application_no", "FX" + _digits(match.group(1)), match.start(1), match.end(1))
    if _OF_AN_APPLICATION.search(sheet.text):
        for match in sheet.matches(_LIKELY_TEN_DIGITS):
            sheet.claim("application_no", "FX" + match.group(1), match.start(1), match.end(1))
    if sheet.requested_slot == "application_no" and not sheet.has("application_no"):
        for match in sheet.matches(_TEN_DIGITS):
            sheet.claim("application_no", "FX" + _digits(match.group(1)), match.start(1), match.end(1))
    for match in sheet.matches(_IDENTITY):
        # A whole identity number was typed: only its end is kept as a value.
        sheet.claim("id_last4", match.group()[-4:].upper(), match.start(), match.end())
    for pattern in _phones(sheet.requested_slot):
        for match in sheet.matches(pattern):
            begins = match.start(1) if pattern is _PHONE_SAID else match.start()
            sheet.claim("phone", _digits(match.group(1)), begins, match.end())
    for match in sheet.matches(_SPOKEN_PHONE):
        sheet.claim("phone", _digits(match.group()), match.start(), match.end())
    for pattern in (_LAST4_SAID, _LAST4_OF, _LAST4_IN_ENGLISH):
        for match in sheet.matches(pattern):
            value = _digits(match.group(1)) + ("X" if match.group(1).endswith("x") else "")
            sheet.claim("id_last4", value, match.start(1), match.end(1))
    if sheet.requested_slot == "id_last4" and not sheet.has("id_last4"):
        for match in sheet.matches(_LAST4_BARE):
            sheet.claim("id_last4", match.group(1).upper(), match.start(1), match.end(1))
    named = sheet.has("application_no") or (sheet.has("phone") and sheet.requested_slot == "application_no")
    if named and not sheet.has("id_last4"):
        for match in sheet.matches(_LAST4_BESIDE):
            if _OF_ANOTHER.search(sheet.before(match.start())):
                continue
            sheet.claim("id_last4", match.group(1).upper(), match.start(1), match.end(1))
    if sheet.requested_slot == "code":
        for match in sheet.matches(_CODE_SAID):
            sheet.claim("code", _digits(match.group(1)), match.start(1), match.end(1))


def _phones(requested_slot: str | None) -> tuple[re.Pattern[str], ...]:
    asked = (_PHONE_ASKED,) if requested_slot == "application_no" else ()
    return (_PHONE, _PHONE_SAID, *asked)


def _digits(text: str) -> str:
    """The digits of a text, also those that were said one by one."""
    return "".join(_SPOKEN.get(char, char) for char in text if char.isdigit() or char in _SPOKEN)
