"""Scores the entities on labelled messages: precision, recall and F1 on normalised values, by type and in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.insight.evaluation import EvaluationFileInvalid

#: Types whose values are text; the others are whole numbers.
TEXT_VALUES = frozenset(
    {"rate", "ratio", "date", "method", "product", "application_no", "phone", "id_last4", "code"}
)
ROLES = frozenset({"from", "to"})
RANGE = ".."

Value = str | int | tuple[str | int, str | int]


@dataclass(frozen=True)
class Said:
    """One value of a message."""

    type: str
    value: Value
    role: str | None = None

    @property
    def plain(self) -> tuple[str, Value]:
        """What is compared: the role is counted apart."""
        return (self.type, self.value)

    @classmethod
    def labelled(cls, words: str) -> Said:
        """``term_months 360 from``; ``ValueError`` where it is not of that form."""
        type_, value, *role = words.split()
        if role and (len(role) > 1 or role[0] not in ROLES):
            raise ValueError(f"no role {' '.join(role)}")
        ends = [end if type_ in TEXT_VALUES else int(end) for end in value.split(RANGE)]
        return cls(type_, ends[0] if len(ends) == 1 else (ends[0], ends[1]), role[0] if role else None)

    @classmethod
    def from_wire(cls, entity: dict[str, Any]) -> Said:
        value = entity["value"]
        return cls(entity["type"], tuple(value) if isinstance(value, list) else value, entity.get("role"))


@dataclass(frozen=True)
class LabelledMessage:
    """A message with the values said in it, and the slot a form was asking for."""

    set: str
    text: str
    now: str
    said: tuple[Said, ...]
    requested_slot: str | None = None


def read_labelled_messages(path: Path) -> list[LabelledMessage]:
    """The messages of a label file: ``now`` and named sets; ``EvaluationFileInvalid`` says what is wrong with it."""
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        now = str(content.pop("now"))
        messages = [
            LabelledMessage(
                set=name,
                text=str(item["text"]),
                now=now,
                said=tuple(Said.labelled(words) for words in item["entities"]),
                requested_slot=item.get("asked"),
            )
            for name, items in content.items()
            for item in items
        ]
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as exc:
        raise EvaluationFileInvalid(f"{path}: not a file of labelled messages ({exc!r})") from exc
    if not messages:
        raise EvaluationFileInvalid(f"{path}: no messages")
    return messages


def evaluate_entities(
    messages: Sequence[LabelledMessage], found: Sequence[Sequence[dict[str, Any]]]
) -> dict[str, Any]:
    """All the figures; ``found`` are the entities of each message as on the wire. Shares over nothing are null."""
    pairs = [
        (message, [Said.from_wire(entity) for entity in entities])
        for message, entities in zip(messages, found, strict=True)
    ]
    types = sorted({one.type for message, read in pairs for one in (*message.said, *read)})
    return {
        "messages": len(pairs),
        "messages_right": sum(_missed(m.said, read) == _missed(read, m.said) == [] for m, read in pairs),
        **_scores(pairs, types),
        "roles_right": _roles_right(pairs),
        "sets": {
            name: _scores([pair for pair in pairs if pair[0].set == name], types)
            for name in dict.fromkeys(message.set for message in messages)
        },
        "types": {type_: _scores(pairs, [type_]) for type_ in types},
        "mistakes": [
            {
                "text": message.text,
                "missed": _missed(message.said, read),
                "invented": _missed(read, message.said),
            }
            for message, read in pairs
            if _missed(message.said, read) or _missed(read, message.said)
        ],
    }


_Pairs = Sequence[tuple[LabelledMessage, Sequence[Said]]]


def _scores(pairs: _Pairs, types: Iterable[str]) -> dict[str, Any]:
    wanted = set(types)
    said = read = right = 0
    for message, ones in pairs:
        expected = Counter(one.plain for one in message.said if one.type in wanted)
        got = Counter(one.plain for one in ones if one.type in wanted)
        said += expected.total()
        read += got.total()
        right += (expected & got).total()
    return {
        "support": said,
        "precision": round(right / read, 4) if read else None,
        "recall": round(right / said, 4) if said else None,
        "f1": round(2 * right / (said + read), 4) if said + read else None,
    }


def _roles_right(pairs: _Pairs) -> float | None:
    """Among values that were found, the share of those with a role, said or read, whose role is right."""
    right = judged = 0
    for message, ones in pairs:
        expected = Counter((*one.plain, one.role) for one in message.said)
        got = Counter((*one.plain, one.role) for one in ones)
        known = {one.plain for one in message.said} & {one.plain for one in ones}
        judged += sum((expected | got)[key] for key in expected | got if key[2] and key[:2] in known)
        right += sum((expected & got)[key] for key in expected & got if key[2])
    return round(right / judged, 4) if judged else None


def _missed(said: Sequence[Said], read: Sequence[Said]) -> list[str]:
    """What of ``said`` is not in ``read``, as words."""
    left = Counter(one.plain for one in said) - Counter(one.plain for one in read)
    return [f"{type_} {_words(value)}" for type_, value in left.elements()]


def _words(value: Value) -> str:
    return RANGE.join(map(str, value)) if isinstance(value, tuple) else str(value)
