"""Reads one number, in Arabic or Chinese numerals or a mixture of both: 「120」「1.2百万」「两万五」「三点八五」.

A number is read greedily but never past its own unit: in 「一百二十万三十年」 the first number ends at 万, because
what follows is counted in years.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = {
    "零": 0, "〇": 0, "一": 1, "壹": 1, "二": 2, "两": 2, "贰": 2, "三": 3, "叁": 3, "四": 4, "肆": 4,
    "五": 5, "伍": 5, "六": 6, "陆": 6, "七": 7, "柒": 7, "八": 8, "捌": 8, "九": 9, "玖": 9,
}  # fmt: skip
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000}
_LARGE = {"万": 10**4, "w": 10**4, "亿": 10**8}
_ABOUT = "多来几余"
#: 「万把块」, 「百把万」: about one of the unit.
_ABOUT_ONE = re.compile(r"(?P<unit>百|千|万)把(?=块|元|万|千)")
_ONE_OF_ITS_OWN = re.compile(r"个?月|年|天|个")
_COUNTED_ONCE = frozenset("天次笔下直起定共平路")
_PIECES_OF_WAN = re.compile(r"个(?P<unit>万|亿|w(?![a-z]))")
#: 「千万别」 warns and counts nothing.
_WARNING = re.compile(r"千万(?=别|不|要|得|记|注意|请|小心|勿|先|给|帮|能|可)")
_ARABIC = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)?")
_MILLIONS = re.compile(r"\s?(?:million|mill?|mio)(?![a-z])|m(?![a-z\d])")
_THOUSANDS = re.compile(r"\s?(?:thousand|grand)(?![a-z])")
#: Units that count something else than the number before them: the tail before such a unit is a number of its own.
_OTHER_UNIT = re.compile(
    r"\s*(?:年|期|个?月|岁|周岁|号|日|天|成|%|厘|个?(?:基点|百分点|点|bp)|bp|套|折|个工作日|倍"
    r"|次|笔|平|家|间|位|辆|张|种|遍|人|口人|楼|室)"
    r"|(?<=一)(?:下|起|直|定|共|半|旦|律|切|会|方|样|边|些|般|并|分|块还|块儿|把|举|口气|个)"
)


@dataclass(frozen=True)
class Number:
    """A number as said. `coefficient` is what stands before 万 or 亿 (120 in 「120万」), `scale` that unit's value."""

    value: Decimal
    start: int
    end: int
    coefficient: Decimal
    scale: int
    is_chinese: bool
    has_point: bool
    high: Decimal | None = None  #: the upper end of 「二三十万」

    @property
    def is_plain(self) -> bool:
        """Whether no 万 or 亿 was said."""
        return self.scale == 1


def numbers(text: str, start: int = 0) -> Iterator[Number]:
    """Every number of the text, left to right."""
    place = start
    while place < len(text):
        number = read_number(text, place)
        if number is None:
            place += 1
            continue
        yield number
        place = number.end


def read_number(text: str, start: int = 0) -> Number | None:
    """The number that begins at `start`, or None."""
    reader = _Reader(text, start)
    return reader.read()


def starts_number(char: str) -> bool:
    """Whether a number can begin with this character."""
    return char.isdigit() or char in _DIGITS or char in "十拾百千万"


class _Reader:
    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.start = start
        self.place = start
        self.is_chinese = False
        self.has_point = False
        self.spread: Decimal | None = None  # between the ends of 「二三十万」, below 万
        self.tail_spread: Decimal | None = None  # between the ends of 「一万三四」
        self.is_span_open = False  # the unit of 「二三」 is still to come

    def read(self) -> Number | None:
        text = self.text
        if self.start >= len(text) or not starts_number(text[self.start]):
            return None
        about_one = _ABOUT_ONE.match(text, self.start)
        if about_one:
            return self._about_one(about_one)
        if text[self.start] in "十百千" and text[self.start - 1 : self.start] == "几":
            return None  # 「几十万」
        if text[self.start] == "万" or _WARNING.match(text, self.start):
            return None
        if text[self.start] in "百千" and text[self._skip_about(self.start + 1, _LARGE) :][:1] not in _LARGE:
            return None
        section = self._section()
        if section is None:
            return None
        coefficient, low_unit = section
        total, scale, last_unit = coefficient, 1, low_unit
        safe_end = self.place
        high_factor = Decimal(1)
        high = coefficient + self.spread if self.spread is not None else None
        while True:
            place = self._skip_about(self.place, _LARGE)
            char = text[place : place + 1]
            if char not in _LARGE or not char:
                break
            if (
                char == "w"
                and text[place + 1 : place + 2].isalpha()
                and text[place + 1 : place + 2].isascii()
            ):
                break
            scale *= _LARGE[char]
            total *= _LARGE[char]
            high_factor *= _LARGE[char]
            last_unit = _LARGE[char]
            self.place = safe_end = place + 1
        if last_unit == _LARGE["亿"] and (more := self._ten_thousands()) is not None:
            total, last_unit, safe_end = total + more, _LARGE["万"], self.place
        if scale == 1 and (pieces := _PIECES_OF_WAN.match(text, self.place)):  # 200个w
            scale = _LARGE[pieces["unit"]]
            total, high_factor, self.place = total * scale, Decimal(scale), pieces.end()
        if scale == 1 and (millions := _MILLIONS.match(text, self.place)):
            scale, total, self.place = 10**6, total * 10**6, millions.end()
        elif scale == 1 and (thousands := _THOUSANDS.match(text, self.place)):
            scale, total, self.place = 1000, total * 1000, thousands.end()
        elif scale > 1:
            tail = self._tail(last_unit)
            if tail is not None:
                total += tail
            else:
                self.place = safe_end
        return Number(
            value=total,
            start=self.start,
            end=self.place,
            coefficient=coefficient,
            scale=scale,
            is_chinese=self.is_chinese,
            has_point=self.has_point,
            high=self._highest(total, high * high_factor if high is not None else None),
        )

    def _highest(self, total: Decimal, high: Decimal | None) -> Decimal | None:
        return total + self.tail_spread if self.tail_spread is not None else high

    def _about_one(self, match: re.Match[str]) -> Number:
        unit = match["unit"]
        size, scale = {"百": (100, 1), "千": (1000, 1), "万": (1, 10**4)}[unit]
        end = match.end()
        if self.text[end] in _LARGE:  # 百把万
            scale, end = scale * _LARGE[self.text[end]], end + 1
        return Number(Decimal(size * scale), self.start, end, Decimal(size), scale, True, False)

    def _skip_about(self, place: int, before: dict[str, int]) -> int:
        """Past 「来」「多」「几」 and blanks when a unit of `before` follows."""
        text, looked = self.text, place
        while looked < len(text) and (text[looked] in _ABOUT or text[looked] == " "):
            looked += 1
        if looked > place and looked < len(text) and text[looked] in before:
            return looked
        return place

    def _section(self) -> tuple[Decimal, int] | None:
        """The part below 万: its value, and the unit it ends with."""
        text = self.text
        value, current, unit = Decimal(0), None, 1
        last_unit = 10**4
        zero = False
        found = False
        while self.place < len(text):
            char = text[self.place]
            if char.isdigit():
                if current is not None:
                    break
                if found and unit < 100:
                    break
                match = _ARABIC.match(text, self.place)
                if match is None:  # a digit of another script
                    break
                if found and not (len(match.group()) == 1 and not self._other_unit_at(match.end())):
                    break
                current = Decimal(match.group().replace(",", ""))
                self.has_point = self.has_point or "." in match.group()
                self.place = match.end()
                found = True
                current = self._point(current)
            elif char in _DIGITS:
                if current is not None:
                    break
                digits = self._digit_run()
                self.is_chinese = True
                if len(digits) == 1:
                    if (
                        found
                        and unit >= 100
                        and digits == [1]
                        and _ONE_OF_ITS_OWN.match(text, self.place + 1)
                    ):
                        break  # 「一万零五百一个月」
                    if found and unit == 1:
                        break
                    if digits == [0] and found:
                        zero = True
                        self.place += 1
                        continue
                    current = Decimal(digits[0])
                    self.place += 1
                elif digits[0] == 0 and found and len(digits) == 2:  # 三千零五
                    zero = True
                    current = Decimal(digits[1])
                    self.place += 2
                elif found and unit >= 100 and self._is_open_span(digits):  # 一千二三
                    self.spread = Decimal(unit // 10)
                    self.place += 2
                    value += digits[0] * (unit // 10)
                    break
                elif (current is None and unit != 1) or not found:
                    if not self._is_span(digits, last_unit if found else 10**4):
                        if found:
                            break
                        current = Decimal("".join(map(str, digits)))  # 二零二六, 一三八…
                        self.place += len(digits)
                        found = True
                        current = self._point(current)
                        continue
                    self.spread, self.is_span_open = Decimal(digits[1] - digits[0]), True
                    current = Decimal(digits[0])
                    self.place += 2
                else:
                    break
                found = True
                current = self._point(current)
            elif char in _SMALL or (char in _ABOUT and self._skip_about(self.place, _SMALL) != self.place):
                place = self._skip_about(self.place, _SMALL) if char in _ABOUT else self.place
                char = text[place]
                if (
                    char == "k"
                    and text[place + 1 : place + 2].isalpha()
                    and text[place + 1 : place + 2].isascii()
                ):
                    break
                size = _SMALL[char]
                if found and current is None and not (self.has_point or unit >= 1000):
                    break
                if size >= last_unit:  # 二十三十万: a new number
                    break
                if char not in "k":
                    self.is_chinese = True
                value += (current if current is not None else Decimal(1)) * size
                if self.is_span_open and self.spread is not None:
                    self.spread, self.is_span_open = self.spread * size, False
                current, unit, last_unit, found = None, size, size, True
                zero = False
                self.place = place + 1
            else:
                break
        if not found:
            return None
        if current is not None:
            is_short = unit >= 100 and not zero and current < 10 and current == int(current)
            if is_short and not self._other_unit_at(self.place):  # 两百六 is 260
                current *= unit // 10
            value += current
        return value, unit

    def _point(self, whole: Decimal) -> Decimal:
        """三点八五, 3点5: the part behind 点."""
        text = self.text
        if text[self.place : self.place + 1] != "点" or whole >= 1000:
            return whole
        looked = self.place + 1
        digits = ""
        while looked < len(text) and (text[looked] in _DIGITS or text[looked].isdigit()):
            digits += text[looked] if text[looked].isdigit() else str(_DIGITS[text[looked]])
            looked += 1
        if len(digits) > 1 and text[looked - 1] == "一" and text[looked : looked + 1] in _COUNTED_ONCE:
            digits, looked = digits[:-1], looked - 1  # 「五点六五一路降」
        if not digits or text[looked : looked + 1] in ("分", "钟", "半"):  # 三点五分 is a time of day
            return whole
        self.place = looked
        self.has_point = True
        return whole + Decimal("0." + digits)

    def _digit_run(self) -> list[int]:
        run = []
        looked = self.place
        while looked < len(self.text) and self.text[looked] in _DIGITS:
            run.append(_DIGITS[self.text[looked]])
            looked += 1
        follows = self.text[looked : looked + 2]
        if len(run) > 1 and run[-1] == 1 and (follows[:1] in _COUNTED_ONCE or follows in ("个平", "个月")):
            return run[:-1]  # 「万分之五一天」
        return run

    def _is_span(self, digits: list[int], last_unit: int) -> bool:
        """「二三十万」「三五万」「一百三四十」: two digits before a unit are the ends of a range."""
        if len(digits) != 2 or 0 in digits or (digits[1] != digits[0] + 1 and digits != [3, 5]):
            return False
        follows = self.text[self.place + 2 : self.place + 3]
        if follows in _SMALL:
            return _SMALL[follows] < last_unit
        return follows in _LARGE or (follows != "" and follows in "年成岁天个块")

    def _is_open_span(self, digits: list[int]) -> bool:
        """「二三」 of 「一千二三」, with no unit behind."""
        behind = self.text[self.place + 2 : self.place + 3]
        return (
            len(digits) == 2
            and 0 < digits[0] == digits[1] - 1
            and behind not in {*_SMALL, *_LARGE, *_DIGITS, "点"}
            and not self._other_unit_at(self.place + 2)
        )

    def _other_unit_at(self, place: int) -> bool:
        return bool(_OTHER_UNIT.match(self.text, place))

    def _leads_to_ten_thousands(self, place: int) -> bool:
        """Whether the upper end of a range follows with a unit of its own: 「1万8到2万2」."""
        upper = read_number(self.text, place)
        return upper is not None and not upper.is_plain

    def _ten_thousands(self) -> Decimal | None:
        """What follows 亿 and is counted in 万: 2000 in 「一亿二千万」."""
        looked = self.place + (self.text[self.place : self.place + 1] in ("零", "〇"))
        if not starts_number(self.text[looked : looked + 1] or " "):
            return None
        inner = _Reader(self.text, looked)
        section = inner._section()
        if section is None or _LARGE.get(self.text[inner.place : inner.place + 1]) != _LARGE["万"]:
            return None
        self.place = inner.place + 1
        return section[0] * _LARGE["万"]

    def _tail(self, unit: int) -> Decimal | None:
        """What follows 万: 5 in 「12万5」 (times a thousand), 2000 in 「3万2千」; None when it is a number of its own."""
        text = self.text
        looked = self.place
        zero = text[looked : looked + 1] in ("零", "〇")
        if looked >= len(text) or not (text[looked].isdigit() or text[looked] in _DIGITS or zero):
            return None
        inner = _Reader(text, looked + 1 if zero else looked)
        neighbours = inner._digit_run()
        if (
            not zero
            and len(neighbours) == 2
            and neighbours[1] == neighbours[0] + 1
            and not self._other_unit_at(looked + 2)
            and text[looked + 2 : looked + 3] not in {*_SMALL, *_LARGE, *_DIGITS}
        ):  # 一万三四
            self.place, self.is_chinese = looked + 2, True
            self.tail_spread = Decimal(unit // 10)
            return Decimal(neighbours[0] * (unit // 10))
        section = inner._section()
        if (
            section is None
            or self._other_unit_at(inner.place)
            or text[inner.place : inner.place + 1] in _LARGE
        ):
            return None
        value, low_unit = section
        follows = text[inner.place : inner.place + 1]
        if follows and (
            (follows in "到至~-/.:" and not self._leads_to_ten_thousands(inner.place + 1))
            or (follows.isascii() and follows.isalpha())
        ):
            return None
        if low_unit == 1 and not zero:
            if value < 10 and value == int(value) and inner.place - looked == 1:
                value *= unit // 10
            elif not (inner.place - looked == 4 and 1000 <= value < 10000):
                return None
        self.place = inner.place
        self.is_chinese = self.is_chinese or inner.is_chinese
        return value
