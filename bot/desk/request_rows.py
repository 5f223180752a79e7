"""What a request asks for and what was computed, in the words of the card that the customer confirmed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import structlog

from bot.conversation.ports import Words
from bot.handoff.request_desk import RequestCase
from bot.knowledge.errors import PhraseError
from bot.knowledge.formatting import day, money
from bot.servicing.requests.shown import FIGURES, Shown

log = structlog.get_logger()


def rows_of(case: RequestCase, words: Words) -> list[dict[str, str]]:
    """Label and value of each thing that has a label; the rest is for the machine."""
    found = []
    for name, value in {**case.wish, **case.figures}.items():
        label = _label(case.kind, name, words)
        if value is None or label is None:
            continue
        try:
            told = _told(FIGURES.get(name, Shown.MONEY), name, value, words)
        except (PhraseError, InvalidOperation, ValueError) as exc:
            log.warning("request.row_untold", request=case.request_no, name=name, reason=type(exc).__name__)
            continue
        found.append({"label": label, "value": told})
    return found


def _label(kind: str, name: str, words: Words) -> str | None:
    for key in (f"request.row.{kind}.{name}", f"request.row.{name}"):
        try:
            return words.say(key)
        except PhraseError:
            continue
    return None


def _told(form: Shown, name: str, value: Any, words: Words) -> str:
    match form:
        case Shown.MONEY:
            return money(Decimal(str(value)))
        case Shown.DAY:
            return day(date.fromisoformat(str(value)))
        case Shown.WORDS:
            return words.say(f"request.value.{name}.{value}")
        case Shown.METHOD:
            return words.say(f"papers.method.{value}")
        case Shown.PLAIN:
            return words.say(f"request.plain.{name}", value=value)
        case _:
            return words.say(f"request.form.{form.value}", value=value)
