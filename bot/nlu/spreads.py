"""Spreads over the LPR in basis points, and how much a rate moves: 「LPR减30个基点」, 「降了0.25%」, 「加点从60降到负20」."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.nlu.entity import Sheet, plain
from bot.nlu.numerals import Number

_SURE_UNIT = re.compile(r"\s*(?:个?基点|个?bps?(?![a-z])|basis\s*points?)")
_UNIT = re.compile(rf"{_SURE_UNIT.pattern}|\s*个?点(?!钟|\d)|\s*(?P<quarter>码(?![头字农]))")
_QUARTER = 25  #: basis points of a 码, as Taiwan's banks count
#: 「少一点」, 「3点几」: no points of a spread.
_A_LITTLE = re.compile(r"一点(?!\d)|\d点[几多半]")
_MOVE_BEFORE = re.compile(
    r"(?P<lpr>lpr)?(?:的基础上|基础上)?(?:再|各)?\s*(?P<way>加点(?:值|数)?(?:是|为)?|减点(?:数)?(?:是|为)?|minus|plus|less|(?:drop|fall|cut|lower|reduce|down)[a-z]*\s*(?:by)?|(?:rise|increase|up|higher|add)[a-z]*\s*(?:by)?|减去?|加上?|[+\-]|上浮|下浮|上调|下调|下降|降息|升息|加息|降低?了?|涨了?|升了?|上涨|降|低了?|高了?)\s*(?:了)?\s*$"
)
_DOWN = ("减", "-", "下", "降", "低", "minus", "less", "drop", "fall", "cut", "lower", "reduce", "down")
_BY = ("下调", "上调", "下降", "降", "涨", "升", "上涨")
_RATE_TALK = re.compile(r"利率|lpr|央行|房贷|贷款|利息")
_SPREAD_TALK = re.compile(r"lpr|加点|减点|点差|基点")
#: 「利率降0.25%」 tells by how much, where 「利率降到3.25%」 tells to what.
_HIGHEST_MOVE = Decimal("1.5")
#: 「比LPR少25个点」, 「比LPR高40」.
_BESIDE_LPR = re.compile(
    r"(?P<below>低于|高于)lpr\s*$|(?:比|较|按|在)?lpr(?:要|还|再|的基础上|基础上)*(?P<way>少|多|高|低)(?:了|出)?\s*$"
)
_BELOW_BEHIND = re.compile(r"\s*(?:below|under|lower than|less than|off)(?![a-z])")
#: The spread by its name, its unit left out: 「加点从+58」, 「点差是负30」.
_NAMED = re.compile(
    r"(?:加减?点|减点|点差|点数|基点)(?:值|数)?(?:从|由|是|为|原来|之前|以前|现在|目前|合同上?|写的?|有|[:=\s])*(?P<sign>[加减正负+\-])?$"
)
#: What a spread becomes, right behind it: 「…降到负20」, 「…，能不能改成减30」.
_BECOMES = re.compile(
    r"\s*[,，]?\s*(?:能不能|能|可以|可不可以|想|协商|申请|现在|后来|今年|要|直接|帮我|给我|又|再)*"
    r"(?:[降改调变换减加涨升转压]整?了?(?:成|到|至|为)了?|->|→|[改变换])\s*(?P<sign>[加减正负+\-])?"
)
_MOST = 300  #: basis points of a spread whose unit was left out
#: What counts something else than rates.
NO_UNIT = re.compile(
    r"\s*(?:万|w|亿|元|块|年|期|个月|月(?!供)|号|日|岁|天|成|套|平|㎡|倍|分|钟|折|位|次|笔|家|个|人|字|%|[a-z:\d/]|\.\d|(?<=一)[般样直共下起定些律])"
)


def read_spread(sheet: Sheet, number: Number, start: int, end: int, *, is_percent: bool) -> int:
    """Claims the spread that a number is and returns its end; 0 where it is none.

    `start` and `end` are those of the number with the signs of a percentage.
    """
    context = sheet.before(start, 14)
    unit = None if is_percent else _UNIT.match(sheet.text, number.end)
    move = _MOVE_BEFORE.search(context) or _BESIDE_LPR.search(context)
    if move and not _is_range_dash(sheet, start, move):
        moved = _moved(sheet, number, move, unit, is_percent, start, end)
        if moved:
            return moved
    if unit and _SURE_UNIT.match(sheet.text, number.end):
        is_below = _BELOW_BEHIND.match(sheet.text, unit.end()) or sheet.text[start - 1 : start] == "负"
        sheet.claim("rate_spread_bp", int(-number.value if is_below else number.value), start, unit.end())
        return unit.end()
    return 0 if is_percent or number.has_point else _unnamed(sheet, number, context)


def _moved(
    sheet: Sheet,
    number: Number,
    move: re.Match[str],
    unit: re.Match[str] | None,
    is_percent: bool,
    start: int,
    end: int,
) -> int:
    """The spread behind a word that adds or takes away."""
    way = move.group("way") or move.group("below")
    is_beside_lpr = "lpr" not in move.re.groupindex
    sign = -1 if way.startswith(_DOWN) or way == "少" else 1
    if unit and _A_LITTLE.match(sheet.text, number.start):
        return 0
    is_sure = bool(unit and _SURE_UNIT.match(sheet.text, number.end))
    if way.startswith(("上浮", "下浮")) and unit and not is_sure and number.value >= 5:
        sheet.claim("ratio", plain(number.value / 100), start, unit.end())
        return unit.end()  # of the benchmark rate, as contracts before the LPR had it
    symbol = way in ("+", "-")
    after_lpr = (
        is_beside_lpr
        or bool(move.group("lpr") or re.search(r"lpr", sheet.before(start, 14)))
        or way.startswith(("加点", "减点"))
        or (symbol and bool(_SPREAD_TALK.search(sheet.text)))
        or (sheet.has("rate_spread_bp") and not number.has_point and number.value >= 5)
    )
    if unit:
        value = number.value * _points_of(unit, number, is_sure)
        end = unit.end()
    elif (is_percent and after_lpr and not way.startswith(("上浮", "下浮", "上调", "下调"))) or (
        is_percent
        and (
            way.startswith(("加", "减"))
            or (number.value <= _HIGHEST_MOVE and not way.startswith(("上浮", "下浮", "-")))
        )
    ):
        value = number.value * 100
    elif (
        after_lpr
        and (symbol or is_beside_lpr or way.startswith(("加", "减", "minus", "plus", "less")))
        and not NO_UNIT.match(sheet.text, number.end)
    ):
        value = number.value if number.value >= 5 else number.value * 100
    elif number.has_point and number.value < 1 and way.startswith(_BY) and _of_rates(sheet, number):
        value = number.value * 100  # 「央行降了0.1」
    else:
        return 0
    first = start - (len(way) if symbol and sheet.text[start - 1 : start] in "+-" else 0)
    sheet.claim("rate_spread_bp", int(sign * value), first, end)
    return end


def _of_rates(sheet: Sheet, number: Number) -> bool:
    return bool(_RATE_TALK.search(sheet.text)) and not NO_UNIT.match(sheet.text, number.end)


def _points_of(unit: re.Match[str], number: Number, is_sure: bool) -> int:
    """Basis points of one: 「0.5个点」 is half a per cent, 「30个点」 are thirty basis points."""
    if unit["quarter"]:
        return _QUARTER
    return 100 if number.value < 5 and not is_sure else 1


def _unnamed(sheet: Sheet, number: Number, context: str) -> int:
    """A spread without its unit, known by its name or by the spread that becomes it."""
    if number.value > _MOST or NO_UNIT.match(sheet.text, number.end):
        return 0
    match = _NAMED.search(context)
    last = sheet.found[-1] if sheet.found else None
    if match is None and last is not None and last.type == "rate_spread_bp" and last.end <= number.start:
        match = _BECOMES.fullmatch(sheet.text[last.end : number.start])
    if match is None:
        return 0
    is_less = match["sign"] in ("减", "负", "-") or (not match["sign"] and match.group().startswith("减点"))
    begins = number.start - len(match["sign"] or "")
    sheet.claim("rate_spread_bp", int(-number.value if is_less else number.value), begins, number.end)
    return number.end


def _is_range_dash(sheet: Sheet, start: int, move: re.Match[str]) -> bool:
    """The dash of 「3.1-3.5%」 joins two numbers and takes nothing away."""
    return (
        move.group("way") == "-"
        and bool(re.search(r"[\d%]\s*-\s*$", sheet.text[:start]))
        and "lpr" not in move.group()
    )
