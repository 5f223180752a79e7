"""How long something shall last: 「延长5年」, 「只还利息一年半」.

The reader of messages leaves such times alone, since they are no loan's term; a subject that is about them asks here.
"""

from __future__ import annotations

import re

_DIGITS = {char: place for place, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_NUMBER = r"\d{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]"
_SPAN = re.compile(
    rf"(?P<half_a_year>半年)|(?P<n>{_NUMBER})\s*(?:个)?\s*(?P<unit>年半|年|月|期)(?![底初前供])(?P<more>零?\s*(?P<m>{_NUMBER})\s*个月)?"
)
#: A calendar month or the time behind or ahead is not how long something lasts.
_OTHER_TIME = re.compile(r"(?:还了|供了|已还|还剩下?|剩余?|还有|贷了|贷款|一共|总共|每|欠|\d年)\s*$")
_BEHIND = re.compile(r"\s*(?:没还|期的?lpr|[01]?\d[日号])", re.IGNORECASE)


def months_said(text: str, about: re.Pattern[str]) -> int | None:
    """The first time named in a message at the words ``about``, in months; None when there is none.

    >>> months_said("只还利息一年半", re.compile("只还利息"))
    18
    """
    if not about.search(text):
        return None
    for match in _SPAN.finditer(text):
        is_other = _OTHER_TIME.search(text[: match.start()]) or _BEHIND.match(text, match.end())
        if not is_other and not (match["unit"] == "月" and "个" not in match.group()):
            return _months(match)
    return None


def _months(match: re.Match[str]) -> int:
    if match["half_a_year"]:
        return 6
    number = whole_number(match["n"])
    if match["unit"] in ("月", "期"):
        return number
    more = 6 if match["unit"] == "年半" else whole_number(match["m"]) if match["m"] else 0
    return number * 12 + more


def whole_number(number: str) -> int:
    """A number below a hundred in Chinese, or any in digits.

    >>> whole_number("二十五")
    25
    """
    if number.isdigit():
        return int(number)
    tens, ten, ones = number.partition("十")
    if not ten:
        return _DIGITS[tens]
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
