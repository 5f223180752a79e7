"""How facts and answers look at the desk."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.knowledge.answer_texts import AnswerText
from bot.knowledge.editing import Preview
from bot.knowledge.errors import KnowledgeError
from bot.knowledge.library import Library
from bot.knowledge.model import Answer, Fact, Rendered
from bot.knowledge.policy import PolicyBook
from bot.knowledge.policy_files import as_written
from bot.messages import TextPart, part_to_wire


def fact_line(policy: PolicyBook, key: str, region: str, today: date) -> dict[str, Any]:
    """The value that holds today, or else the last one; and the first that is still to come."""
    values = policy.history(key, region)
    present = next((fact for fact in values if fact.holds_on(today)), None)
    shown = present or values[-1]
    coming = next((fact for fact in values if fact.effective_from > today), None)
    return {
        "key": key,
        "region": region,
        "title": shown.title,
        "unit": shown.unit.value,
        "shape": shown.shape.value,
        "is_of_the_bank": shown.bank_configurable,
        "holds_today": present is not None,
        **_value(shown),
        "review_by": shown.review_by.isoformat() if shown.review_by else None,
        "is_overdue": shown.review_by is not None and shown.review_by < today,
        "coming": _value(coming) if coming and coming is not shown else None,
    }


def fact_page(policy: PolicyBook, key: str, region: str, today: date) -> dict[str, Any]:
    """The line, and every value it ever had, the newest first."""
    values = [{**_value(fact), "holds_today": fact.holds_on(today)} for fact in policy.history(key, region)]
    return {**fact_line(policy, key, region, today), "values": values[::-1]}


def _value(fact: Fact) -> dict[str, Any]:
    written = as_written(fact)["value"]
    items = written if isinstance(written, list) else [written]
    return {
        "value": fact.text,
        "written": ",".join(str(item).lower() if isinstance(item, bool) else str(item) for item in items),
        "effective_from": fact.effective_from.isoformat(),
        "effective_to": fact.effective_to.isoformat() if fact.effective_to else None,
        "source": fact.source,
        "status": fact.status.value,
        "verified_on": fact.verified_on.isoformat(),
    }


def answer_line(answer: Answer, today: date, *, is_changed: bool) -> dict[str, Any]:
    return {
        "name": answer.name,
        "topic": answer.topic,
        "title": answer.title,
        "is_default": answer.is_default,
        "questions": list(answer.questions),
        "short": answer.short,
        "review_by": answer.review_by.isoformat(),
        "is_overdue": answer.review_by < today,
        "is_changed": is_changed,
    }


def answer_page(library: Library, name: str, text: str, today: date) -> dict[str, Any]:
    """The text in its pieces, and as it is said today; ``preview`` is None where it cannot be said."""
    pieces = AnswerText.of(text)
    page: dict[str, Any] = {
        "name": name,
        "head": pieces.head,
        "short": pieces.short,
        "long": pieces.long,
        "preview": None,
    }
    found = next((one for one in library.answers.of(name.partition("/")[0]) if one.name == name), None)
    if found is None:
        return page
    try:
        rendered = library.answers.render(found, library.policy, today)
    except KnowledgeError:
        return page
    return {**page, "preview": _said(rendered)}


def preview_view(preview: Preview) -> dict[str, Any]:
    return _said(preview.rendered)


def _said(rendered: Rendered) -> dict[str, Any]:
    return {
        "parts": [part_to_wire(TextPart(rendered.text, rendered.detail))],
        "english": rendered.english,
        "facts": [{"key": fact.key, "title": fact.title, "value": fact.text} for fact in rendered.facts],
    }
