"""How values look to a customer: the one place that knows a percent sign from a 万元."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from bot.clock import CHINA
from bot.knowledge.units import Scalar, Shape, Unit, Value

_SUFFIX = {
    Unit.PCT: "%",
    Unit.YEARS: "年",
    Unit.AGE: "周岁",
    Unit.BASIS_POINTS: "个基点",
    Unit.MONTHS: "个月",
    Unit.WEEKS: "周",
    Unit.DAYS: "天",
    Unit.WORKING_DAYS: "个工作日",
    Unit.HOURS: "小时",
    Unit.MINUTES: "分钟",
    Unit.DAY_OF_MONTH: "号",
    Unit.SQUARE_METRES: "㎡",
    Unit.TIMES: "次",
}
TEN_THOUSAND = Decimal(10000)
HUNDRED_MILLION = Decimal(10) ** 8


def value_text(value: Value, unit: Unit, shape: Shape) -> str:
    """A value with its unit: ``3.50%``, ``1–2 个工作日``, ``1万元``, ``3、6、12 个月``."""
    items = value if isinstance(value, tuple) else (value,)
    if shape is Shape.LIST:
        return _with_unit("、".join(_bare(item, unit) for item in items), unit) if items else "无"
    if shape is Shape.RANGE and items[0] != items[1]:
        low, high = items
        if unit in (Unit.PCT, Unit.YUAN, Unit.DAY_OF_MONTH):
            return f"{_single(low, unit)}–{_single(high, unit)}"
        return _with_unit(f"{_bare(low, unit)}–{_bare(high, unit)}", unit)
    return _single(items[0], unit)


def yuan(amount: Decimal) -> str:
    """A policy amount in words: ``1万元``, ``150万元``, ``1000元``, ``47382.98元``."""
    if amount and amount % HUNDRED_MILLION == 0:
        return f"{_plain(amount / HUNDRED_MILLION)}亿元"
    if amount and amount % 100 == 0 and abs(amount) >= TEN_THOUSAND:
        return f"{_plain(amount / TEN_THOUSAND)}万元"
    return f"{_plain(amount)}元"


def money(amount: Decimal) -> str:
    """A computed amount to the fen, rounded half up: ``4,490.45元``."""
    return f"{amount.quantize(Decimal('0.01'), ROUND_HALF_UP):,}元"


def percent(fraction: Decimal, places: int = 2) -> str:
    """A rate held as a fraction: ``Decimal('0.0305')`` is ``3.05%``."""
    return f"{(fraction * 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)}%"


def day(value: date | datetime) -> str:
    """A day in China: ``2026年11月22日``."""
    if isinstance(value, datetime):
        value = value.astimezone(CHINA).date()
    return f"{value.year}年{value.month}月{value.day}日"


def day_short(value: date | datetime) -> str:
    """A day in China, its year left out: ``11月22日``."""
    if isinstance(value, datetime):
        value = value.astimezone(CHINA).date()
    return f"{value.month}月{value.day}日"


def moment(value: datetime) -> str:
    """A time in China: ``11月22日 14:05``."""
    local = value.astimezone(CHINA)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _single(value: Scalar, unit: Unit) -> str:
    return _with_unit(_bare(value, unit), unit)


def _bare(value: Scalar, unit: Unit) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        if unit is Unit.YUAN:
            return yuan(value)
        if unit is Unit.SPREAD:
            return f"{'加' if value > 0 else '减'}{_plain(abs(value))}个基点" if value else "不加点"
        return format(value, "f")  # a rate keeps the digits it was published with
    if isinstance(value, date):
        return day(value)
    if unit is Unit.MONTH_DAY:
        month, day_of_month = value.split("-")
        return f"{int(month)}月{int(day_of_month)}日"
    if unit is Unit.TIME_SPAN:
        return value.replace("-", "–")
    return value


def _with_unit(text: str, unit: Unit) -> str:
    """One number stands close to its unit, several keep a space: ``40年``, ``1–2 个工作日``."""
    suffix = _SUFFIX.get(unit, "")
    is_several = "–" in text or "、" in text
    return f"{text} {suffix}" if suffix and is_several else f"{text}{suffix}"


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")
