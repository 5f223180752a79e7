"""Policy files read and checked value by value, and a fact written the way a file has it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.knowledge.changes import Given
from bot.knowledge.errors import Problem
from bot.knowledge.files import FileInvalid, parse_yaml
from bot.knowledge.model import Fact
from bot.knowledge.units import NATIONAL, NUMBERS, Scalar, Shape, Status, Unit, Value

_FACT_FIELDS = {"key", "title", "unit", "shape", "bank_configurable", "gaps", "kept_for", "values"}
_SHARED_FIELDS = {"region", "source", "status", "verified_on", "review_by"}
_VALUE_FIELDS = {"value", "effective_from", "effective_to"} | _SHARED_FIELDS
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_SPAN = re.compile(r"([01]\d|2[0-4]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d")
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


class ValueRefused(ValueError):
    """A value that is not what its unit or shape says."""


class PolicyReader:
    """Turns files into facts and keeps a list of what it could not read."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.problems: list[Problem] = []
        self.gaps: set[str] = set()
        self.kept: dict[str, str] = {}
        self._where_defined: dict[str, str] = {}

    def read(self, name: str, text: str) -> None:
        try:
            entries = parse_yaml(text, name)
        except FileInvalid as exc:
            self.problems.append(Problem(name, str(exc)))
            return
        if not isinstance(entries, list) or not entries:
            self.problems.append(Problem(name, "the file must be a list of facts"))
            return
        of_file: dict[str, Any] = {}
        if isinstance(entries[0], dict) and set(entries[0]) == {"review_by"}:
            of_file = entries[0]
        for position, entry in enumerate(entries, start=1):
            if entry is not of_file:
                self._read_fact(name, position, entry, of_file)

    def _read_fact(self, name: str, position: int, entry: Any, of_file: Mapping[str, Any]) -> None:
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str):
            self.problems.append(Problem(name, f"entry {position} has no key"))
            return
        key = entry["key"]
        where = f"{name}: {key}"
        try:
            if not KEY.fullmatch(key):
                raise ValueRefused("a key is lower-case words joined by dots")
            if key in self._where_defined:
                raise ValueRefused(f"the key already stands in {self._where_defined[key]}")
            self._where_defined[key] = name
            _only(entry, _FACT_FIELDS | _SHARED_FIELDS)
            header = _header(entry)
            if entry.get("gaps") is True:
                self.gaps.add(key)
            if entry.get("kept_for"):
                self.kept[key] = str(entry["kept_for"])
            values = entry.get("values")
            if not isinstance(values, list) or not values:
                raise ValueRefused("values must be a list with at least one value")
        except ValueRefused as exc:
            self.problems.append(Problem(where, str(exc)))
            return
        for value in values:
            try:
                if not isinstance(value, dict):
                    raise ValueRefused(f"a value must have fields, not be {value!r}")
                _only(value, _VALUE_FIELDS)
                self.facts.append(_fact(key, header, {**of_file, **_shared(entry), **value}))
            except ValueRefused as exc:
                self.problems.append(Problem(where, str(exc)))


def changed_fact(like: Fact, entry: Mapping[str, Any]) -> Fact:
    """Another value of a fact that a file defines; ``ValueRefused`` when it is not what its unit or shape says."""
    _only(entry, _VALUE_FIELDS)
    written = entry.get("value")
    if like.unit is Unit.DATE:
        several = isinstance(written, list)
        days = [_day(item) for item in (written if isinstance(written, list) else [written])]
        written = days if several else days[0]
    header = (like.title, like.unit, like.shape, like.bank_configurable)
    return _fact(like.key, header, {**entry, "value": written})


def value_from_text(text: str, unit: Unit, shape: Shape) -> Given:
    """A value typed on one line (``3.5``, ``1,3``, ``true``), as a file would have it."""
    if shape is not Shape.SCALAR:
        bare = text.strip().removeprefix("[").removesuffix("]")
        return [item.strip() for item in bare.replace("，", ",").split(",") if item.strip()]
    if unit is Unit.FLAG and text in ("true", "false"):
        return text == "true"
    return text.strip()


def as_written(fact: Fact) -> dict[str, Any]:
    """A fact's value with its days and its founding, as a file writes it and as it can be kept as JSON."""
    items = [_written(item) for item in fact.items]
    return {
        "value": items[0] if fact.shape is Shape.SCALAR else items,
        "effective_from": fact.effective_from,
        "effective_to": fact.effective_to,
        "region": fact.region,
        "source": fact.source,
        "status": fact.status.value,
        "verified_on": fact.verified_on,
        "review_by": fact.review_by,
    }


def _written(value: Scalar) -> str | int | bool:
    if isinstance(value, bool | str):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == int(value) and value.as_tuple().exponent == 0 else format(value, "f")
    return value.isoformat()


def _day(given: Any) -> date:
    if type(given) is date:
        return given
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        raise ValueRefused(f"a date is written like 2026-10-01, not {given!r}") from None


def _only(entry: Mapping[str, Any], allowed: set[str]) -> None:
    unknown = sorted(str(field) for field in entry if field not in allowed)
    if unknown:
        raise ValueRefused(f"unknown field {', '.join(unknown)}")


def _shared(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {field: entry[field] for field in _SHARED_FIELDS if field in entry}


def _header(entry: Mapping[str, Any]) -> tuple[str, Unit, Shape, bool]:
    title = entry.get("title")
    if not isinstance(title, str) or not title:
        raise ValueRefused("title is missing")
    try:
        unit = Unit(str(entry.get("unit")))
    except ValueError:
        raise ValueRefused(f"unknown unit {entry.get('unit')!r}") from None
    try:
        shape = Shape(str(entry.get("shape", Shape.SCALAR)))
    except ValueError:
        raise ValueRefused(f"unknown shape {entry.get('shape')!r}") from None
    configurable = entry.get("bank_configurable", False)
    if not isinstance(configurable, bool):
        raise ValueRefused("bank_configurable must be true or false")
    return title, unit, shape, configurable


def _fact(key: str, header: tuple[str, Unit, Shape, bool], entry: Mapping[str, Any]) -> Fact:
    title, unit, shape, configurable = header
    since, until = _date(entry, "effective_from"), _optional_date(entry, "effective_to")
    if until is not None and until < since:
        raise ValueRefused(f"effective_to {until} lies before effective_from {since}")
    source = entry.get("source")
    if not isinstance(source, str) or not source:
        raise ValueRefused(f"the value from {since} has no source")
    try:
        status = Status(str(entry.get("status")))
    except ValueError:
        raise ValueRefused(f"unknown status {entry.get('status')!r}") from None
    if configurable is not (status is Status.BANK):
        raise ValueRefused("status bank and bank_configurable: true belong together")
    if "value" not in entry:
        raise ValueRefused(f"the value from {since} is missing")
    return Fact(
        key=key,
        title=title,
        value=value_of(entry["value"], unit, shape),
        unit=unit,
        shape=shape,
        effective_from=since,
        effective_to=until,
        region=str(entry.get("region", NATIONAL)),
        source=source,
        status=status,
        bank_configurable=configurable,
        verified_on=_optional_date(entry, "verified_on") or since,
        review_by=_optional_date(entry, "review_by"),
    )


def _optional_date(entry: Mapping[str, Any], field: str) -> date | None:
    return None if entry.get(field) is None else _date(entry, field)


def _date(entry: Mapping[str, Any], field: str) -> date:
    given = entry.get(field)
    if type(given) is not date:  # a datetime is a date too, and a time of day has no place here
        raise ValueRefused(f"{field} must be a date like 2026-10-01, not {given!r}")
    return given


def value_of(given: Any, unit: Unit, shape: Shape) -> Value:
    if shape is Shape.SCALAR:
        return _scalar(given, unit)
    if not isinstance(given, list):
        raise ValueRefused(f"a {shape.value} must be written in brackets, not as {given!r}")
    if shape is Shape.LIST:
        return tuple(_scalar(item, unit) for item in given)
    if len(given) != 2 or unit not in NUMBERS:
        raise ValueRefused(f"a range is two numbers, not {given!r}")
    low, high = _number(given[0], unit), _number(given[1], unit)
    if low > high:
        raise ValueRefused(f"the range {given!r} is upside down")
    return low, high


def _scalar(given: Any, unit: Unit) -> Scalar:
    if unit in NUMBERS:
        return _number(given, unit)
    if unit is Unit.FLAG:
        if not isinstance(given, bool):
            raise ValueRefused(f"a flag is true or false, not {given!r}")
        return given
    if unit is Unit.DATE:
        if type(given) is not date:
            raise ValueRefused(f"a date is written like 2026-10-01, not {given!r}")
        return given
    if not isinstance(given, str) or not given:
        raise ValueRefused(f"a {unit.value} is a text, not {given!r}")
    if unit is Unit.TIME_SPAN and (not _SPAN.fullmatch(given) or given[:5] >= given[6:]):
        raise ValueRefused(f"a time span is written like 08:30-12:00, not {given!r}")
    if unit is Unit.MONTH_DAY and not _MONTH_DAY.fullmatch(given):
        raise ValueRefused(f"a day of the year is written like 10-01, not {given!r}")
    return given


def _number(given: Any, unit: Unit) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, int | str):
        raise ValueRefused(f"write {given!r} as a whole number or as a number in quotes")
    try:
        number = Decimal(given)
    except InvalidOperation:
        raise ValueRefused(f"{given!r} is not a number") from None
    if not number.is_finite():
        raise ValueRefused(f"{given!r} is not a number")
    if number < 0 and unit is not Unit.SPREAD:
        raise ValueRefused(f"{given!r} is below zero")
    return number
