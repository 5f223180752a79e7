"""Fits reply parts to what a platform can show. Nothing that was said is lost, only its form changes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol, assert_never

from bot.channels.profile import Profile
from bot.messages import Card, Chart, File, Handoff, Image, QuickReplies, ReplyPart, Stages, TextPart

SENTENCE_END = re.compile(r"(?<=[。！？；\n])")


class Words(Protocol):
    def say(self, key: str, **values: object) -> str: ...


class Pictures(Protocol):
    def chart(self, chart: Chart) -> str:
        """The address of the chart as a picture."""
        ...

    def stages(self, stages: Stages) -> str:
        """The address of the stations as a picture."""
        ...


def fit(
    parts: Iterable[ReplyPart], profile: Profile, words: Words, pictures: Pictures | None = None
) -> list[ReplyPart]:
    """The parts as ``profile`` can show them, in the same order.

    Without ``pictures`` a chart or stations that cannot be shown are told in lines.
    """
    fitted: list[ReplyPart] = []
    numbered = 0  #: buttons of one message are one list, so that a number means one of them
    for part in parts:
        told = _shown(part, profile, words, pictures, numbered)
        if isinstance(part, QuickReplies):
            numbered += len(part.options)
        for shown in told:
            fitted.extend(_split(shown, profile) if isinstance(shown, TextPart) else [shown])
    return fitted


def _shown(
    part: ReplyPart, profile: Profile, words: Words, pictures: Pictures | None, numbered: int
) -> list[ReplyPart]:
    match part:
        case TextPart(text, detail):
            if detail is None or profile.has_detail:
                return [part]
            return [TextPart(text), TextPart(detail)]
        case QuickReplies():
            return [part] if profile.has_buttons else [TextPart(_numbered(part, words, numbered))]
        case Card():
            return _card(part, profile, pictures)
        case Stages():
            return _stages(part, profile, words, pictures)
        case Image(url, alt):
            return [part] if profile.has_images else [TextPart(f"{alt}\n{url}")]
        case File(url, name):
            return [part] if profile.has_files else [TextPart(f"{name}\n{url}")]
        case Handoff():
            return []  # an order to the service, never shown
        case other:
            assert_never(other)


def _numbered(part: QuickReplies, words: Words, before: int) -> str:
    lines = [part.prompt] if part.prompt else []
    lines += [f"{number}. {option.title}" for number, option in enumerate(part.options, start=before + 1)]
    lines.append(words.say("channel.reply_with_number"))
    return "\n".join(lines)


def _card(card: Card, profile: Profile, pictures: Pictures | None) -> list[ReplyPart]:
    """As it is, with its chart as a picture, or with its chart in lines."""
    if profile.has_cards and (card.chart is None or profile.has_charts):
        return [card]
    if card.chart is None:
        return [TextPart(_lines_of_card(card))]
    if pictures is not None and profile.has_images:
        without = replace(card, chart=None)
        told: ReplyPart = without if profile.has_cards else TextPart(_lines_of_card(without))
        return [told, Image(pictures.chart(card.chart), card.chart.title)]
    return [TextPart(_lines_of_card(card))]


def _lines_of_card(card: Card) -> str:
    lines = [card.title, *(f"{row.label}：{row.value}" for row in card.rows)]
    if card.chart is not None:
        lines.append(card.chart.title)
        for position, label in enumerate(card.chart.labels):
            amounts = "，".join(f"{name} {values[position]}" for name, values in card.chart.series.items())
            lines.append(f"{label}：{amounts}")
    return "\n".join([*lines, *card.notes])


def _stages(part: Stages, profile: Profile, words: Words, pictures: Pictures | None) -> list[ReplyPart]:
    """As they are, as a picture whose words are its ``alt`` and shown with it, or in lines."""
    if profile.has_cards:
        return [part]
    lines = _lines_of_stages(part, words)
    if pictures is not None and profile.has_images and profile.has_captions:
        return [Image(pictures.stages(part), lines)]
    return [TextPart(lines)]


def _lines_of_stages(part: Stages, words: Words) -> str:
    lines = [part.title]
    for stage in part.stages:
        mark = words.say(f"channel.stage_{stage.state}")
        lines.append(f"{mark} {stage.name} {stage.note}".rstrip())
    return "\n".join([*lines, *part.notes])


def _split(part: TextPart, profile: Profile) -> list[ReplyPart]:
    """At sentence ends where possible, else between characters, so that each piece fits."""
    if profile.fits(part.text):
        return [part]
    pieces = [""]
    for sentence in SENTENCE_END.split(part.text):
        for fragment in [sentence] if profile.fits(sentence) else list(sentence):
            if not profile.fits(pieces[-1] + fragment):
                pieces.append("")
            pieces[-1] += fragment
    return [TextPart(piece) for piece in pieces if piece]
