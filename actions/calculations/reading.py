"""Which field a value that was said belongs to.

The reader of messages types values (an amount, a rate); whether 20万 is what is owed or what is to be repaid follows
from the words beside it, from what was asked, or from the order in which a subject names its fields.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from actions.calculations.model import Field, Source, Subject, Values, Words
from actions.calculations.rules import BOTH, LONG_TERM_MONTHS, Refusal, Rules
from actions.turn import Turn
from bot.lending import Method

_CLAUSE = re.compile(r"[,，。;；!！?？\n、]")
_BEFORE, _BEHIND = 12, 6  #: characters beside a value that may say what it is
_OVER_LPR = re.compile(r"lpr\s*(?:的?基础上)?\s*(?:再)?(?:减|加|上浮|下浮|[-+－＋])", re.IGNORECASE)
_MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Reading:
    """Values for the fields of a subject, and what could not be used."""

    said: Mapping[str, Any]
    refused: Mapping[str, Refusal]
    is_answer: bool = False  #: the words answer what was asked


def read(turn: Turn, subject: Subject, known: Values, rules: Rules, wanted: str | None = None) -> Reading:
    """What a message says for a subject, given what is known already and which field was asked for."""
    said = _pressed(turn, subject) if turn.is_pressed else _said(turn, subject, known, wanted)
    if names_both_methods(turn) and any(field.name == "method" for field in subject.FIELDS):
        said["method"] = BOTH
    answered = _in_words(turn, [field.answers for field in subject.FIELDS if field.name == wanted])
    said |= _in_words(turn, [field.mentions for field in subject.FIELDS]) | answered
    if turn.asked_text:
        said = dict(subject.noted(turn, dict(subject.heard(turn.asked_text, known, said, rules))))
    refused: dict[str, Refusal] = {}
    for name in list(said):
        refusal = _judged(subject.field(name), said[name], rules)
        if refusal:
            refused[name] = refusal
            del said[name]
    said |= _moved_rate(turn, subject, known, said, rules)
    return Reading(said, refused, bool(answered))


def _judged(field: Field, value: Any, rules: Rules) -> Refusal | None:
    """The limits of the kind first: only a value of that kind can be held against the field's own."""
    refusal = rules.judge(field.entity, value)
    if refusal is None and field.judge is not None:
        refusal = field.judge(rules, value)
    return refusal


def names_both_methods(turn: Turn) -> bool:
    """Whether both methods are named with neither taken back or changed into the other."""
    named = [item for item in turn.entities if item.get("entity") == "method"]
    return {item["value"] for item in named}.issuperset(Method) and not any(i.get("role") for i in named)


def _in_words(turn: Turn, fields: Sequence[Words]) -> dict[str, Any]:
    """What is settled by words that no reader of values knows, the first that fit of each field."""
    said: dict[str, Any] = {}
    for words in fields:
        said |= next((settles for pattern, settles in words if pattern.search(turn.text)), {})
    return said


def _pressed(turn: Turn, subject: Subject) -> dict[str, Any]:
    """A button names fields."""
    said = {field.name: turn.value(field.name) for field in subject.FIELDS}
    return {name: value for name, value in said.items() if value is not None}


def said_for(turn: Turn, subject: Subject) -> Mapping[str, Any]:
    """The values of a message by the fields they belong to, possible or not."""
    return _said(turn, subject, Values(), None)


def claims(turn: Turn, subject: Subject, kinds: Collection[str]) -> bool:
    """Whether a message has a value of these kinds that is plainly one field's of this subject."""
    said = [(item, _monthly(str(item["entity"]), item["value"])[0]) for item in turn.entities]
    return any(
        field.entity == kind and (field.cue is None or _cue_distance(item, field, turn.text) is not None)
        for item, kind in said
        if kind in kinds
        for field in subject.FIELDS
    )


def _said(turn: Turn, subject: Subject, known: Values, wanted: str | None) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for item in sorted(turn.entities, key=lambda item: int(item.get("start") or 0)):
        kind, value = _monthly(str(item["entity"]), item["value"])
        open_fields = [
            each for each in subject.FIELDS if kind in (each.entity, each.asked_as) and each.name not in said
        ]
        field = _field_for(item, open_fields, turn.text, known, wanted)
        if field is not None:
            said[field.name] = value
    return said


def _field_for(
    item: Mapping[str, Any], fields: Sequence[Field], text: str, known: Values, wanted: str | None
) -> Field | None:
    role = item.get("role")
    by_role = [field for field in fields if role and field.role == role]
    if by_role:
        return by_role[0]
    if role == "from":
        return None
    near = [(place, field) for field in fields if (place := _cue_distance(item, field, text)) is not None]
    if near:
        return min(near, key=lambda each: each[0])[1]
    if any(field.name == wanted for field in fields):
        return next(field for field in fields if field.name == wanted)
    free = [field for field in fields if not field.only_with_cue]
    if role == "to" and any(field.name in known for field in free):
        return next(field for field in free if field.name in known)
    return next((field for field in free if field.name not in known), free[0] if free else None)


def _cue_distance(item: Mapping[str, Any], field: Field, text: str) -> int | None:
    """How far the words that claim a value stand from it; None without such words in its clause."""
    start, end = item.get("start"), item.get("end")
    if field.cue is None or start is None or end is None:
        return None
    before = _CLAUSE.split(text[max(0, start - _BEFORE) : start])[-1]
    found = list(field.cue.finditer(before))
    if found:
        return len(before) - found[-1].end()
    behind = field.cue.search(_CLAUSE.split(text[end : end + _BEHIND])[0])
    return _BEFORE + behind.start() if behind else None


def _monthly(kind: str, value: Any) -> tuple[str, Any]:
    """A yearly income as a monthly one; everything else as it is."""
    if kind != "income_annual":
        return kind, value
    if isinstance(value, list):
        return "income_monthly", [_a_month(each) for each in value]
    return "income_monthly", _a_month(value)


def _a_month(yearly: Any) -> str:
    return str((Decimal(str(yearly)) / _MONTHS_A_YEAR).quantize(Decimal("0.01"), ROUND_HALF_UP))


def _moved_rate(
    turn: Turn, subject: Subject, known: Values, said: Mapping[str, Any], rules: Rules
) -> dict[str, Any]:
    """A rate named by basis points: over the LPR, or against the rate that is known.

    A subject with a field of its own for basis points makes of them what they mean there.
    """
    if any(field.entity == "rate_spread_bp" for field in subject.FIELDS):
        return {}
    points = turn.value("rate_spread_bp")
    rates = [field.name for field in subject.FIELDS if field.entity == "rate"]
    if not isinstance(points, int) or not rates:
        return {}
    target = "new_rate" if "new_rate" in rates else rates[0]
    if target in said:
        return {}
    base = said.get("annual_rate", known.raw("annual_rate"))
    if base is None and target == "new_rate":
        base = _assumed_rate(subject, known.with_(Source.SAID, said), rules)
    if target == rates[0] and (base is None or _OVER_LPR.search(turn.text)):
        term = said.get("term_months") or known.raw("term_months") or LONG_TERM_MONTHS
        rate = rules.with_spread(int(term), points)
    elif base is not None:
        rate = Decimal(str(base)) + Decimal(points) / 10000
    else:
        return {}
    value = f"{rate.normalize():f}"
    return {} if rules.judge("rate", value) else {target: value}


def _assumed_rate(subject: Subject, values: Values, rules: Rules) -> Any:
    """The rate that is taken for a subject in which it need not be said."""
    assumed = next((each.default for each in subject.FIELDS if each.name == "annual_rate"), None)
    return assumed(rules, values) if assumed else None
