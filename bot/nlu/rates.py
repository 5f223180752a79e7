"""Interest rates and shares; spreads over the LPR are told in `bot.nlu.spreads`."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.nlu.bare import asks_for_another_number
from bot.nlu.entity import Sheet, plain
from bot.nlu.numerals import Number, read_number, starts_number
from bot.nlu.spreads import NO_UNIT, read_spread

_PERCENT = re.compile(r"\s*(?:%|个?百分点|percent(?![a-z])|per cent(?![a-z])|pct(?![a-z]))")
_PERCENT_BEFORE = re.compile(r"百分之\s*$")
_PER_MILLE = re.compile(r"\s*‰")
_POINTS = re.compile(r"\s*个点")
_TENTHS = "零一二三四五六七八九"
_POINTS_TAIL = re.compile(r"[零一二三四五六七八九]{1,2}|\d{1,2}")
_RATE_WORD = re.compile(
    r"(?:年化?利率|利率|年化|年息|年利|月息|月利|利息|lpr)"
    r"(?:是|为|按|降到|降至|降|涨到|升到|调到|调整为|调成|调为|改成|改为|变成|变为|从|现在|大概|大约|约|能到|到|才|只有|的|目前|已经|算|用|以|给|[:：=\s])*$"
)
_RATE_TALK = re.compile(r"降到|涨到|公积金|利率|年化|年息|lpr|月供|贷|还款|年|银行|别家|别人|同事|朋友|隔壁")
_SHARE_WORD = re.compile(
    r"(?:首付款?|首期|头期款?|成数|比例|占比?|付|违约金|手续费|[契个印]?税|[\u4e00-\u9fff]费|佣金|奖励|上浮|下浮|加收|不足|超过?|补偿金|份额|产权|占股|(?:个人|单位|公司)(?:部分)?|(?:价|额|余额|本金|(?<!贷)款)(?=的))(?:是|为|要|按|各|都|均|收|抽|罚|扣|交|缴|存|就|还|约|大概|能|可以|只|最少|最低|至少|付|出|贷|比例|到|率|金额|款|的|[:：=\s])*$"
)
_SHARE_BEHIND = re.compile(
    r"^\s*(?:的)?(?:首付|违约金|手续费|服务费|比例|首期|贷款成数|[\u4e00-\u9fff]{1,3}费|产权|份额|股份|定金|佣金|税)"
)
#: Where a text names shares of this kind and no rate at all, its percentages are shares.
_SHARE_TALK = re.compile(
    r"税|中介|服务费|手续费|违约金|首付|首期|头期|penalty|% down|(?<![a-z])(?:fee|tax|down payment|deposit)s?(?![a-z])"
)
_ANY_RATE = re.compile(
    r"利率|年化|利息|年息|lpr|商贷|公积金|贷款|房贷|(?<![a-z])(?:rate|interest|loan)(?![a-z])|(?<![a-z])at \d|基点"
)
#: What may be charged or owned by shares, and what bears interest; of these the one named last tells what a percentage is.
_SHARED_OR_LENT = re.compile(
    r"(?P<share>税|中介|服务费|手续费|违约金|佣金|补偿金|担保费|评估费|份额|产权|占|归|penalty|(?<![a-z])fees?(?![a-z]))|"
    + _ANY_RATE.pattern
)
#: 「提前还款收1%」: charged on a sum.
_CHARGED = re.compile(r"(?:收|抽|罚|扣|交|缴|charge|charged)(?:取|了|我|你们?|我们|\s)*$")
_CHARGED_FOR = re.compile(r"提前|中介|佣金|违约|罚|服务|手续|prepay|early")
#: 「1%还是2%」, 「从2%降到1%」: a percentage is what the one before is.
_LIKE_THE_LAST = re.compile(
    r"\s*(?:还是|或者?|[到至和跟与、/\-~]|or|to|[降改调变涨升]了?(?:到|成|为|至))\s*(?:百分之)?"
)
_RATE_BEHIND = re.compile(r"^\s*的?\s*(?:年化|利率|利息|年息)")
#: 「契税按1.5」, the sign left out.
_TAX = re.compile(r"税率?(?:是|按|为|收|交|[:：\s])*$")
_NEARBY = 24  #: characters in which a percentage finds what it is a share of
_LOWEST_SHARE = 10  #: per cent, above every rate of a home loan
_BY_THE_DAY = re.compile(r"^\s*(?:一天|每天|/天|每日|/日|a day|per day)")
_DAY_BEFORE = re.compile(r"(?:每天|每日|一天|日息|日利率)(?:是|为|按|收|罚|大概|[:：\s])*$")
_PARTS_BEFORE = re.compile(
    r"(?P<parts>千|万)分之\s*$|(?:日利率|日息|利率|罚息|费率|滞纳金|违约金|每天|每日)(?:是|按|为|收)*(?P<short>万)$"
)
#: 「八五折」 is eighty-five hundredths, 「九折」 and 「8.5折」 tenths.
_DISCOUNT = re.compile(r"\s*折(?!旧|腾|算|中|合|磨|返|回)")
_NOT_EXACT = re.compile(r"[一二三四五六七八九\d]点[几多](?!少)")
#: Two figures of this look can only be rates: 「是3.15不是3.51」, 「4.1降到3.3」.
_TWO_RATES = re.compile(
    r"(?<![\d.])[1-9]\.\d{1,2}(?![\d.])\D{1,6}?[1-9]\.\d{1,2}(?![\d.])|[一二三四五六七八九]点[零一二三四五六七八九]{1,2}\D{1,8}?[一二三四五六七八九]点[零一二三四五六七八九]"
)


def read_rates(sheet: Sheet) -> None:
    """Spreads first, since 「LPR加0.55%」 is one and not a rate; then shares, then rates."""
    text = sheet.text
    place = 0
    while place < len(text):
        if not starts_number(text[place]) or not sheet.is_free(place, place + 1):
            place += 1
            continue
        number = read_number(text, place)
        if number is None:
            place += 1
            continue
        place = number.end
        if number.is_plain and sheet.is_free(number.start, number.end):
            place = max(_read_one(sheet, number), place)


def _read_one(sheet: Sheet, number: Number) -> int:
    text = sheet.text
    li = _read_li(sheet, number)
    if li:
        return li
    mille = _PER_MILLE.match(sheet.text, number.end)
    if mille:
        is_monthly = "月" in sheet.before(number.start, 4) + sheet.after(mille.end(), 3)
        value = number.value / 1000
        sheet.claim(
            "rate" if is_monthly else "ratio",
            plain(value * 12 if is_monthly else value),
            number.start,
            mille.end(),
        )
        return mille.end()
    cheng = _read_cheng(sheet, number) or _read_discount(sheet, number)
    if cheng:
        return cheng
    if _NOT_EXACT.match(text, number.start):
        return number.end
    before = sheet.before(number.start, 14)
    parts = _PARTS_BEFORE.search(before)
    if parts:
        share = number.value / (1000 if parts["parts"] == "千" else 10_000)
        begin = number.start - (1 if parts["short"] else len(parts.group()))
        sheet.claim("ratio", plain(share), begin, number.end)
        return number.end
    hundredth = _PERCENT_BEFORE.search(before)
    start = number.start - (len(hundredth.group()) if hundredth else 0)
    percent = _PERCENT.match(text, number.end)
    points = None if percent else _POINTS.match(text, number.end)
    end = percent.end() if percent else number.end
    context = sheet.before(start, 14)
    spread = read_spread(sheet, number, start, end, is_percent=bool(percent or hundredth))
    if spread:
        return spread
    if percent or hundredth or points:
        value = number.value / 100
        sign = _minus(sheet, start)
        end = points.end() if points else end
        tail = _POINTS_TAIL.match(text, end) if points and not number.has_point else None
        if tail and not NO_UNIT.match(text, tail.end()):  # 「三个点零五」
            value, end = value + _tail(tail.group()) / 100, tail.end()
        is_share = _is_share(sheet, number, context, start, end)
        if points and number.value >= 10 and not _RATE_WORD.search(context):
            sheet.claim("rate_spread_bp", int(number.value), start, end)
        else:
            sheet.claim("ratio" if is_share else "rate", plain(-value if sign else value), start - sign, end)
        return end
    return _read_bare(sheet, number, context)


def _is_share(sheet: Sheet, number: Number, context: str, start: int, end: int) -> bool:
    """Whether a percentage is a part of a sum and not a rate of interest."""
    text = sheet.text
    if _SHARE_WORD.search(context) or _SHARE_BEHIND.search(text[end : end + 8]):
        return True
    if number.value >= _LOWEST_SHARE and not _RATE_WORD.search(context):
        return True
    if _is_daily(sheet, start, end):
        return True
    around = text[max(0, start - _NEARBY) : end + _NEARBY]
    if _SHARE_TALK.search(around) and not _ANY_RATE.search(around):
        return True
    if _RATE_BEHIND.search(text[end : end + 8]) or _RATE_WORD.search(context):
        return False
    if _CHARGED.search(context) and _CHARGED_FOR.search(text[max(0, start - _NEARBY) : start]):
        return True
    last = sheet.found[-1] if sheet.found else None
    if last and last.type == "ratio" and _LIKE_THE_LAST.fullmatch(text, last.end, start):
        return True
    named = list(_SHARED_OR_LENT.finditer(text, max(0, start - _NEARBY), start))
    return bool(named) and named[-1]["share"] is not None


def _tail(said: str) -> Decimal:
    """What stands behind the point, in either numerals."""
    return Decimal("0." + "".join(char if char.isdigit() else str(_TENTHS.index(char)) for char in said))


def _is_daily(sheet: Sheet, start: int, end: int) -> bool:
    """「0.05%一天」 is what is charged by the day, no rate of a loan."""
    return bool(_BY_THE_DAY.search(sheet.after(end)) or _DAY_BEFORE.search(sheet.before(start)))


def _read_li(sheet: Sheet, number: Number) -> int:
    """厘: tenths of a percent by the month, whole percents by the year 「年息3厘5」."""
    match = re.compile(r"\s*厘\s*").match(sheet.text, number.end)
    if not match:
        return 0
    tenths = read_number(sheet.text, match.end())
    value, end = number.value, match.end() - (len(match.group()) - len(match.group().rstrip()))
    if (
        tenths
        and tenths.value < 10
        and tenths.end - tenths.start == 1
        and not NO_UNIT.match(sheet.text, tenths.end)
    ):
        value += tenths.value / 10
        end = tenths.end
    is_monthly = "月" in sheet.before(number.start, 4)
    sheet.claim("rate", plain(value * 12 / 1000 if is_monthly else value / 100), number.start, end)
    return end


def _read_cheng(sheet: Sheet, number: Number) -> int:
    match = re.compile(
        r"\s*成(?!功|为|本|都|年|数|员|立|交|长|品|了|家|分)(半|[一二三四五六七八九5](?![十百千万年期个]))?"
    ).match(sheet.text, number.end)
    if not match or number.value > 10:
        return 0
    value = number.value
    tail = match.group(1)
    if tail:
        value += Decimal("0.5") if tail == "半" else Decimal((read_number(tail) or number).value) / 10
    low = re.search(r"([一二两三四五六七八九]|\d)成?\s*[到至~\-]\s*$", sheet.before(number.start, 6))
    share: object = plain(value / 10)
    start = number.start
    if low:
        first = read_number(low.group(1))
        if first is not None and sheet.is_free(number.start - len(low.group()), match.end()):
            share, start = [plain(first.value / 10), plain(value / 10)], number.start - len(low.group())
    elif number.high is not None:
        share = [plain(number.value / 10), plain(number.high / 10)]
    if re.match(r"新", sheet.after(match.end(), 2)):
        return 0
    sheet.claim("ratio", share, start, match.end())
    return match.end()


def _read_discount(sheet: Sheet, number: Number) -> int:
    match = _DISCOUNT.match(sheet.text, number.end)
    if not match or not 1 <= number.value < 100:
        return 0
    tenths = number.value < 10
    sheet.claim("ratio", plain(number.value / (10 if tenths else 100)), number.start, match.end())
    return match.end()


def _minus(sheet: Sheet, start: int) -> int:
    """The length of a minus sign right before a number (never the dash of a range)."""
    before = sheet.text[max(0, start - 2) : start]
    if before.endswith("负"):
        return 1
    if before.endswith("-") and not before[:-1].endswith(tuple("0123456789%万w年期到")):
        return 1
    return 0


def _read_bare(sheet: Sheet, number: Number, context: str) -> int:
    """「利率3.5」 without a sign, 「三点五」 alone."""
    if NO_UNIT.match(sheet.text, number.end):
        return 0
    sign = _minus(sheet, number.start)
    if number.has_point and number.value < 10 and _TAX.search(context):
        sheet.claim("ratio", plain(number.value / 100), number.start, number.end)
        return number.end
    named = _RATE_WORD.search(context[: len(context) - sign] if sign else context)
    likely = (
        number.has_point
        and Decimal(1) <= number.value < 10
        and (
            _RATE_TALK.search(sheet.text)
            or _TWO_RATES.search(sheet.text)
            or len(sheet.text) <= number.end - number.start + 3
        )
        and not asks_for_another_number(sheet.requested_slot, "rate")
    )
    if not named and not likely:
        return 0
    if named and number.value >= 1000:
        return 0
    value = number.value if number.has_point and 0 < number.value < Decimal("0.2") else number.value / 100
    sheet.claim("rate", plain(-value if sign else value), number.start - sign, number.end)
    return number.end
