"""How long something shall last (「延长5年」, 「只还利息一年半」) and what can be paid a month (「每月只能还3000」).

Neither is a term of a loan nor takes the place of another value: both are noted beside what else was read, for the
subjects of a calculation that are about them.
"""

from __future__ import annotations

import re

from bot.nlu.entity import Entity, Sheet
from bot.nlu.numerals import read_number

SPAN, MONTHLY_LIMIT = "span_months", "monthly_limit"
#: What is said beside such a time; in other messages a time is a term, an age or how long something took.
_LASTING = re.compile(
    r"延|展期|拉长|加长|多还|缓|停|宽限|只还|只能还|先还|少还|还息|还本|交利息|还利息|付利息|减|降|恢复|好转|找到|撑|过渡|流水|明细|打了"
    r"|^\D{0,3}(?:半年|一年)\D{0,3}$"
)
_NUMBER = r"\d{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]"
_SPAN = re.compile(
    rf"(?P<half_a_year>半年)|(?<![\d.一二三四五六七八九十])(?P<n>{_NUMBER})\s*(?:个)?\s*(?P<unit>年半|年|月|期)(?![底初前供])(?P<more>零?\s*(?P<m>{_NUMBER})\s*个月)?"
)
#: A calendar month or the time behind or ahead is not how long something lasts.
_OTHER_TIME = re.compile(r"(?:还了|供了|已还|还剩下?|剩余?|还有|贷了|贷款|一共|总共|每|欠|\d年)\s*$")
_BEHIND = re.compile(r"\s*(?:没还|期的?lpr|[01]?\d[日号])")
_LIMIT = re.compile(
    r"(?:每个?月[^\d,，。;；]{0,6}?还|只能?|最多|顶多|就能)(?:能|够|还得?起)?还?\s*(?P<n>\d{3,6}|[一二两三四五六七八九]千)"
    r"\s*(?:元|块)?(?!\d|\.|万|w|年|个?月)"
)


def read_spans(sheet: Sheet) -> None:
    """Notes the spans and the monthly limits of a message, wherever they stand."""
    for match in _SPAN.finditer(sheet.text) if _LASTING.search(sheet.text) else ():
        is_other = _OTHER_TIME.search(sheet.text[: match.start()]) or _BEHIND.match(sheet.text, match.end())
        if not is_other and not (match["unit"] == "月" and "个" not in match.group()):
            sheet.found.append(Entity(SPAN, _months(match), match.start(), match.end()))
    for match in _LIMIT.finditer(sheet.text):
        number = read_number(sheet.text, match.start("n"))
        if number is not None:
            sheet.found.append(Entity(MONTHLY_LIMIT, int(number.value), match.start("n"), match.end()))


def _months(match: re.Match[str]) -> int:
    if match["half_a_year"]:
        return 6
    number = _whole(match["n"])
    if match["unit"] in ("月", "期"):
        return number
    more = 6 if match["unit"] == "年半" else _whole(match["m"]) if match["m"] else 0
    return number * 12 + more


def _whole(said: str) -> int:
    number = read_number(said)
    return int(number.value) if number is not None else 0
