"""The dated policy facts: rates, fees, limits and durations, each with the days on which it holds.

A file is a list of facts; a fact has one or more values, each from its own day on::

    - key: lpr.over_5y
      title: 5年期以上LPR
      unit: pct
      values:
        - {value: "3.50", effective_from: 2025-05-20, source: ..., status: B, verified_on: 2026-09-20}

``effective_to`` is the last day a value holds; left out, it holds until the day before the next one.
``shape`` is ``scalar`` unless said; ``region`` is ``CN`` unless said, and a region without a value of its own
falls back to it. ``source``, ``status`` and ``verified_on`` may stand on the fact instead of on each value.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.knowledge.errors import NoFactForDay, PolicyInvalid, Problem, UnknownFact
from bot.knowledge.files import FileInvalid, parse_yaml
from bot.knowledge.model import Fact
from bot.knowledge.units import NATIONAL, NUMBERS, Scalar, Shape, Status, Unit, Value

_FACT_FIELDS = {"key", "title", "unit", "shape", "bank_configurable", "gaps", "values"}
_SHARED_FIELDS = {"region", "source", "status", "verified_on"}
_VALUE_FIELDS = {"value", "effective_from", "effective_to"} | _SHARED_FIELDS
_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_SPAN = re.compile(r"([01]\d|2[0-4]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d")
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
ONE_DAY = timedelta(days=1)


class _Refused(ValueError):
    """A value that is not what its unit or shape says."""


class PolicyBook:
    """Every policy fact of a folder, found by key, day and region."""

    def __init__(
        self, facts: Iterable[Fact], problems: Iterable[Problem] = (), gaps: Iterable[str] = ()
    ) -> None:
        series: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        for fact in facts:
            series[fact.key, fact.region].append(fact)
        self._series = {
            name: _closed(sorted(facts, key=lambda fact: fact.effective_from))
            for name, facts in series.items()
        }
        self._keys = frozenset(key for key, _ in self._series)
        self._gaps = frozenset(gaps)
        self._problems = tuple(problems)

    @classmethod
    def load(cls, folder: Path) -> PolicyBook:
        """The facts of every ``*.yml`` in the folder; ``PolicyInvalid`` when they do not hold together."""
        book = cls.read(folder)
        problems = book.check()
        if problems:
            raise PolicyInvalid(problems)
        return book

    @classmethod
    def read(cls, folder: Path) -> PolicyBook:
        """As ``load``, but a faulty book is returned too, so that ``check`` can list all that is wrong."""
        texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yml"))}
        return cls.from_texts(texts)

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> PolicyBook:
        """A book of files given as text, by name."""
        reader = _Reader()
        for name, text in texts.items():
            reader.read(name, text)
        if not texts:
            reader.problems.append(Problem("policy", "no policy file was found"))
        return cls(reader.facts, reader.problems, reader.gaps)

    def fact(self, key: str, on: date, region: str | None = None) -> Fact:
        """The fact as it holds on a day, in the region if that has one of its own."""
        if key not in self._keys:
            raise UnknownFact(key)
        for place in (region, NATIONAL) if region else (NATIONAL,):
            for fact in self._series.get((key, place), ()):
                if fact.holds_on(on):
                    return fact
        raise NoFactForDay(key, on, region)

    def keys(self) -> tuple[str, ...]:
        """Every key, in order."""
        return tuple(sorted(self._keys))

    def history(self, key: str, region: str = NATIONAL) -> tuple[Fact, ...]:
        """Every value the fact ever had in a region, oldest first."""
        if key not in self._keys:
            raise UnknownFact(key)
        return self._series.get((key, region), ())

    def regions(self, key: str) -> tuple[str, ...]:
        """The regions in which the fact has a value of its own."""
        if key not in self._keys:
            raise UnknownFact(key)
        return tuple(sorted(region for name, region in self._series if name == key))

    def on(self, day: date) -> tuple[Fact, ...]:
        """Every fact that holds on a day, all regions."""
        return tuple(
            fact for name in sorted(self._series) for fact in self._series[name] if fact.holds_on(day)
        )

    def check(self) -> tuple[Problem, ...]:
        """What is wrong with the files: unreadable values, overlaps, and gaps that nobody declared."""
        problems = list(self._problems)
        for (key, region), facts in sorted(self._series.items()):
            where = key if region == NATIONAL else f"{key} ({region})"
            for earlier, later in pairwise(facts):
                end = earlier.effective_to
                if end is None or end >= later.effective_from:
                    problems.append(
                        Problem(where, f"two values hold on {later.effective_from.isoformat()} (overlap)")
                    )
                elif end + ONE_DAY < later.effective_from and key not in self._gaps:
                    problems.append(
                        Problem(
                            where,
                            f"no value after {end.isoformat()} until {later.effective_from.isoformat()}",
                        )
                    )
        return tuple(problems)


def _closed(facts: list[Fact]) -> tuple[Fact, ...]:
    """Values left open end the day before the next one begins."""
    closed = []
    for position, fact in enumerate(facts):
        if fact.effective_to is None and position + 1 < len(facts):
            end = facts[position + 1].effective_from - ONE_DAY
            if end >= fact.effective_from:
                fact = replace(fact, effective_to=end)
        closed.append(fact)
    return tuple(closed)


class _Reader:
    """Turns files into facts and keeps a list of what it could not read."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.problems: list[Problem] = []
        self.gaps: set[str] = set()
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
        for position, entry in enumerate(entries, start=1):
            self._read_fact(name, position, entry)

    def _read_fact(self, name: str, position: int, entry: Any) -> None:
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str):
            self.problems.append(Problem(name, f"entry {position} has no key"))
            return
        key = entry["key"]
        where = f"{name}: {key}"
        try:
            if not _KEY.fullmatch(key):
                raise _Refused("a key is lower-case words joined by dots")
            if key in self._where_defined:
                raise _Refused(f"the key already stands in {self._where_defined[key]}")
            self._where_defined[key] = name
            _only(entry, _FACT_FIELDS | _SHARED_FIELDS)
            header = _header(entry)
            if entry.get("gaps") is True:
                self.gaps.add(key)
            values = entry.get("values")
            if not isinstance(values, list) or not values:
                raise _Refused("values must be a list with at least one value")
        except _Refused as exc:
            self.problems.append(Problem(where, str(exc)))
            return
        for value in values:
            try:
                if not isinstance(value, dict):
                    raise _Refused(f"a value must have fields, not be {value!r}")
                _only(value, _VALUE_FIELDS)
                self.facts.append(_fact(key, header, {**_shared(entry), **value}))
            except _Refused as exc:
                self.problems.append(Problem(where, str(exc)))


def _only(entry: Mapping[str, Any], allowed: set[str]) -> None:
    unknown = sorted(str(field) for field in entry if field not in allowed)
    if unknown:
        raise _Refused(f"unknown field {', '.join(unknown)}")


def _shared(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {field: entry[field] for field in _SHARED_FIELDS if field in entry}


def _header(entry: Mapping[str, Any]) -> tuple[str, Unit, Shape, bool]:
    title = entry.get("title")
    if not isinstance(title, str) or not title:
        raise _Refused("title is missing")
    try:
        unit = Unit(str(entry.get("unit")))
    except ValueError:
        raise _Refused(f"unknown unit {entry.get('unit')!r}") from None
    try:
        shape = Shape(str(entry.get("shape", Shape.SCALAR)))
    except ValueError:
        raise _Refused(f"unknown shape {entry.get('shape')!r}") from None
    configurable = entry.get("bank_configurable", False)
    if not isinstance(configurable, bool):
        raise _Refused("bank_configurable must be true or false")
    return title, unit, shape, configurable


def _fact(key: str, header: tuple[str, Unit, Shape, bool], entry: Mapping[str, Any]) -> Fact:
    title, unit, shape, configurable = header
    since, until = _date(entry, "effective_from"), _optional_date(entry, "effective_to")
    if until is not None and until < since:
        raise _Refused(f"effective_to {until} lies before effective_from {since}")
    source = entry.get("source")
    if not isinstance(source, str) or not source:
        raise _Refused(f"the value from {since} has no source")
    try:
        status = Status(str(entry.get("status")))
    except ValueError:
        raise _Refused(f"unknown status {entry.get('status')!r}") from None
    if configurable is not (status is Status.BANK):
        raise _Refused("status bank and bank_configurable: true belong together")
    if "value" not in entry:
        raise _Refused(f"the value from {since} is missing")
    return Fact(
        key=key,
        title=title,
        value=_value(entry["value"], unit, shape),
        unit=unit,
        shape=shape,
        effective_from=since,
        effective_to=until,
        region=str(entry.get("region", NATIONAL)),
        source=source,
        status=status,
        bank_configurable=configurable,
        verified_on=_optional_date(entry, "verified_on") or since,
    )


def _optional_date(entry: Mapping[str, Any], field: str) -> date | None:
    return None if entry.get(field) is None else _date(entry, field)


def _date(entry: Mapping[str, Any], field: str) -> date:
    given = entry.get(field)
    if type(given) is not date:  # a datetime is a date too, and a time of day has no place here
        raise _Refused(f"{field} must be a date like 2026-10-01, not {given!r}")
    return given


def _value(given: Any, unit: Unit, shape: Shape) -> Value:
    if shape is Shape.SCALAR:
        return _scalar(given, unit)
    if not isinstance(given, list):
        raise _Refused(f"a {shape.value} must be written in brackets, not as {given!r}")
    if shape is Shape.LIST:
        return tuple(_scalar(item, unit) for item in given)
    if len(given) != 2 or unit not in NUMBERS:
        raise _Refused(f"a range is two numbers, not {given!r}")
    low, high = _number(given[0], unit), _number(given[1], unit)
    if low > high:
        raise _Refused(f"the range {given!r} is upside down")
    return low, high


def _scalar(given: Any, unit: Unit) -> Scalar:
    if unit in NUMBERS:
        return _number(given, unit)
    if unit is Unit.FLAG:
        if not isinstance(given, bool):
            raise _Refused(f"a flag is true or false, not {given!r}")
        return given
    if unit is Unit.DATE:
        if type(given) is not date:
            raise _Refused(f"a date is written like 2026-10-01, not {given!r}")
        return given
    if not isinstance(given, str) or not given:
        raise _Refused(f"a {unit.value} is a text, not {given!r}")
    if unit is Unit.TIME_SPAN and (not _SPAN.fullmatch(given) or given[:5] >= given[6:]):
        raise _Refused(f"a time span is written like 08:30-12:00, not {given!r}")
    if unit is Unit.MONTH_DAY and not _MONTH_DAY.fullmatch(given):
        raise _Refused(f"a day of the year is written like 10-01, not {given!r}")
    return given


def _number(given: Any, unit: Unit) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, int | str):
        raise _Refused(f"write {given!r} as a whole number or as a number in quotes")
    try:
        number = Decimal(given)
    except InvalidOperation:
        raise _Refused(f"{given!r} is not a number") from None
    if not number.is_finite():
        raise _Refused(f"{given!r} is not a number")
    if number < 0 and unit is not Unit.SPREAD:
        raise _Refused(f"{given!r} is below zero")
    return number
