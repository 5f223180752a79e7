"""From the lines of a document to what it is and the dates on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.servicing.model import DocumentKind
from bot.servicing.reading.model import Legibility, Reading, Side

#: Below it the engine has guessed a line rather than read it.
SURE = 0.6
#: A page with fewer readable characters tells nothing.
FEW_CHARACTERS = 6
LONG_TERM = "长期"

_DAY = r"((?:19|20)\d{2})\s*[.\-/年·]\s*(\d{1,2})\s*[.\-/月·]\s*(\d{1,2})\s*日?"
_SOLID_DAY = r"(?<!\d)((?:20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)"
_TO = r"\s*(?:[-—–~～一至到]|--)+\s*"
_ONE_DAY = re.compile(rf"(?<!\d){_DAY}(?!\d)")
_ONE_SOLID_DAY = re.compile(_SOLID_DAY)
_FROM_TO = re.compile(rf"(?<!\d){_DAY}{_TO}{_DAY}(?!\d)")
_FROM_TO_SOLID = re.compile(_SOLID_DAY + _TO + _SOLID_DAY)
_FOR_GOOD = re.compile(rf"(?<!\d){_DAY}{_TO}{LONG_TERM}")
_VALID = re.compile("有效期")
_PERIOD = re.compile("起止|期间|时间段|日期范围|查询(?:时间|日期)|交易(?:时间|日期)|起始|区间")
_ISSUED = re.compile("开具日期|出具日期|日期|落款|年.{0,3}月.{0,3}日")

_IDENTITY_FRONT = re.compile("公民身份号码|公民身份证号码")
_IDENTITY_BACK = re.compile("居民身份证|签发机关")
#: The words that a document has and no other, the most telling first.
_KINDS = (
    (DocumentKind.IDENTITY, re.compile(f"{_IDENTITY_FRONT.pattern}|{_IDENTITY_BACK.pattern}")),
    (DocumentKind.HOUSEHOLD_BOOK, re.compile("居民户口簿|常住人口登记|户口簿|户主或与户主关系")),
    (DocumentKind.MARRIAGE, re.compile("结婚证|离婚证|婚姻登记|离婚协议|单身声明|无婚姻登记记录")),
    (
        DocumentKind.PROOF,
        re.compile("收入证明|在职证明|工作及收入|薪资证明|工资证明"),
    ),
    (
        DocumentKind.STATEMENT,
        re.compile("交易明细|交易流水|银行流水|账户明细|历史明细|明细清单|对账单|流水清单"),
    ),
    (DocumentKind.BUSINESS, re.compile("营业执照|统一社会信用代码|完税证明|纳税证明|税收完税")),
    (DocumentKind.VALUATION, re.compile("不动产权证|房屋所有权证|房地产估价|评估报告|估价报告")),
    (
        DocumentKind.PURCHASE,
        re.compile("商品房买卖合同|房屋买卖合同|存量房买卖|认购书|购房合同|首付款|预售合同"),
    ),
)


@dataclass(frozen=True)
class Line:
    """A line as the engine read it, and how sure it is (0 to 1)."""

    text: str
    score: float


def reading_of(lines: Sequence[Line], *, pages: int = 1, pages_read: int = 1) -> Reading:
    """What the lines of all pages come to."""
    text = "\n".join(line.text for line in lines if line.score >= SURE)
    if len(re.sub(r"\s", "", text)) < FEW_CHARACTERS:
        return Reading(legibility=Legibility.UNCLEAR, pages=pages, pages_read=pages_read)
    kind = _kind_of(text)
    reading = Reading(legibility=Legibility.CLEAR, kind=kind, pages=pages, pages_read=pages_read)
    match kind:
        case DocumentKind.IDENTITY:
            return _identity(text, reading)
        case DocumentKind.STATEMENT:
            return _statement(text, reading)
        case DocumentKind.PROOF:
            return replace(reading, issued_on=_issued_on(text))
        case _:
            return reading


def _kind_of(text: str) -> DocumentKind | None:
    """The only kind whose words are there, or the one whose word comes first: titles stand above."""
    plain = re.sub(r"[ \t]", "", text)
    found = [(match.start(), kind) for kind, words in _KINDS if (match := words.search(plain))]
    return min(found)[1] if found else None


def _identity(text: str, reading: Reading) -> Reading:
    is_front = _IDENTITY_FRONT.search(text) is not None
    is_back = _IDENTITY_BACK.search(text) is not None or _VALID.search(text) is not None
    side = None if is_front and is_back else Side.FRONT if is_front else Side.BACK
    if not is_back:
        return replace(reading, side=side)
    if _FOR_GOOD.search(text):
        return replace(reading, side=side, is_long_term=True)
    spans = [span for span in _spans(text) if span[0] < span[1]]
    return replace(reading, side=side, valid_until=spans[-1][1] if spans else None)


def _statement(text: str, reading: Reading) -> Reading:
    """The period that the statement names, else from its first to its last entry."""
    for line in _with_next(text.splitlines()):
        if _PERIOD.search(line):
            named = [span for span in _spans(line) if span[0] <= span[1]]
            if named:
                return replace(reading, covered_from=named[0][0], covered_to=named[0][1])
    days = sorted(_days(text))
    if not days:
        return reading
    return replace(reading, covered_from=days[0], covered_to=days[-1])


def _issued_on(text: str) -> date | None:
    """The date at the end: what stands before may be that of an entry into service."""
    dated = [day for line in text.splitlines() if _ISSUED.search(line) for day in _days(line)]
    days = dated or list(_days(text))
    return days[-1] if days else None


def _with_next(lines: Sequence[str]) -> Iterator[str]:
    """Each line with the one after it: a label and its value may be read apart."""
    for index in range(len(lines)):
        yield " ".join(lines[index : index + 2])


def _spans(text: str) -> Iterator[tuple[date, date]]:
    for pattern in (_FROM_TO, _FROM_TO_SOLID):
        for match in pattern.finditer(text):
            first, last = _day(match.groups()[:3]), _day(match.groups()[3:])
            if first and last:
                yield first, last


def _days(text: str) -> Iterator[date]:
    for pattern in (_ONE_DAY, _ONE_SOLID_DAY):
        for match in pattern.finditer(text):
            day = _day(match.groups())
            if day:
                yield day


def _day(parts: Iterable[str]) -> date | None:
    """The day of year, month and day as read; None when the calendar has no such day."""
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None
