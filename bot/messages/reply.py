"""Replies: a closed union of parts that every channel renders or degrades.

On the wire (Rasa, the database, the browser) a part is a JSON object with a ``kind``; money travels as text.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class TextPart:
    """Plain text. ``detail`` is the long form behind 「展开」."""

    text: str
    detail: str | None = None
    kind: Literal["text"] = "text"


@dataclass(frozen=True)
class Option:
    """One button: what it says, and the payload that comes back when it is pressed."""

    title: str
    payload: str


@dataclass(frozen=True)
class QuickReplies:
    """Buttons under an optional prompt."""

    options: tuple[Option, ...]
    prompt: str | None = None
    kind: Literal["quick_replies"] = "quick_replies"


@dataclass(frozen=True)
class Row:
    """A labelled figure on a card, both ready to be read."""

    label: str
    value: str
    emphasis: bool = False


@dataclass(frozen=True)
class Chart:
    """Series over a shared axis: ``labels[i]`` belongs to ``series[name][i]`` (decimal strings, yuan).

    Areas and lines run over time; bars set a few things side by side, one bar of each series at each label.
    """

    type: Literal["stacked_area", "lines", "bars"]
    title: str
    labels: tuple[str, ...]
    series: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Card:
    """A titled list of figures, an optional chart, and the assumptions in small print (``notes``)."""

    title: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    chart: Chart | None = None
    kind: Literal["card"] = "card"


@dataclass(frozen=True)
class Stage:
    """One station of an application's way."""

    name: str
    state: Literal["done", "current", "ahead", "stopped"]
    note: str = ""


@dataclass(frozen=True)
class Stages:
    """Where an application stands, as a picture of its stations."""

    title: str
    stages: tuple[Stage, ...]
    notes: tuple[str, ...] = ()
    kind: Literal["stages"] = "stages"


@dataclass(frozen=True)
class Image:
    url: str
    alt: str
    kind: Literal["image"] = "image"


@dataclass(frozen=True)
class File:
    url: str
    name: str
    size: int
    kind: Literal["file"] = "file"


@dataclass(frozen=True)
class Handoff:
    """The bot steps back: ``conversation`` opens the ticket; the customer never sees this part itself."""

    reason: str
    skill: str
    summary: str
    is_urgent: bool = False  #: how the customer sounds moves them forward in the queue
    language: str = "zh"  #: in which the customer writes
    kind: Literal["handoff"] = "handoff"


ReplyPart = TextPart | QuickReplies | Card | Stages | Image | File | Handoff


@dataclass(frozen=True)
class Reply:
    """What is said in one go, in order."""

    parts: tuple[ReplyPart, ...] = field(default_factory=tuple)


def part_to_wire(part: ReplyPart) -> dict[str, Any]:
    """The JSON object of a part."""
    return asdict(part)


def part_from_wire(wire: dict[str, Any]) -> ReplyPart:
    """The part of a JSON object; ``ValueError`` when its kind or a field is unknown or missing."""
    fields = {key: value for key, value in wire.items() if key != "kind"}
    try:
        match wire.get("kind"):
            case "text":
                return TextPart(**fields)
            case "quick_replies":
                fields["options"] = tuple(Option(**option) for option in fields["options"])
                return QuickReplies(**fields)
            case "card":
                fields["rows"] = tuple(Row(**row) for row in fields["rows"])
                fields["notes"] = tuple(fields.get("notes", ()))
                if fields.get("chart"):
                    fields["chart"] = _chart(fields["chart"])
                return Card(**fields)
            case "stages":
                fields["stages"] = tuple(Stage(**stage) for stage in fields["stages"])
                fields["notes"] = tuple(fields.get("notes", ()))
                return Stages(**fields)
            case "image":
                return Image(**fields)
            case "file":
                return File(**fields)
            case "handoff":
                return Handoff(**fields)
            case kind:
                raise ValueError(f"unknown reply part: {kind!r}")
    except (TypeError, KeyError) as exc:
        raise ValueError(f"malformed reply part: {wire!r}") from exc


def _chart(wire: dict[str, Any]) -> Chart:
    series = {name: tuple(values) for name, values in wire["series"].items()}
    return Chart(type=wire["type"], title=wire["title"], labels=tuple(wire["labels"]), series=series)
