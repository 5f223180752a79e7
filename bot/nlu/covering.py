"""What a customer types and nobody should keep: codes, ID digits, identity numbers, cards and phones.

The words of a turn are needed in the clear while it runs. Before its events are saved they are covered here, in every
text of every event; what was covered is told to the service, which covers its own log.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

COVER = "●●●●"
#: Kinds of entity whose words are secret once a turn has used them.
ONE_TIME = frozenset({"code", "id_last4"})
PHONE = "phone"
_GAP = r"[ \-]?"
#: Identity numbers, cards and phones in any text. No check digit is asked for: a card that was typed wrongly gives
#: away nearly as much, and no amount of money has so many digits.
_IDENTITY = re.compile(
    rf"(?<![0-9A-Za-z])\d{{6}}{_GAP}(?:18|19|20)\d{{6}}{_GAP}\d{{3}}[0-9Xx](?![0-9A-Za-z])"
)
_CARD = re.compile(
    rf"(?<![0-9A-Za-z.])(?:\d{{15,19}}|\d{{4}}(?:[ \-]\d{{4}}){{3}}(?:{_GAP}\d{{1,3}})?)(?![0-9A-Za-z])"
)
_PHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[ \-]?)?1[3-9]\d(?:[ \-]?\d){8}(?![0-9A-Za-z])")


def secrets_of(entities: Iterable[Mapping[str, Any]], text: str, *, with_phones: bool) -> list[str]:
    """The secret words of a text, as typed and as read, the longest first: codes, ID digits, ID numbers and cards.

    A phone is one where it served the identity check; elsewhere it is there to be called.
    """
    kinds = ONE_TIME | {PHONE} if with_phones else ONE_TIME
    found = {match.group() for pattern in (_IDENTITY, _CARD) for match in pattern.finditer(text)}
    for entity in entities:
        if (entity.get("type") or entity.get("entity")) in kinds:
            found |= {str(entity.get("text") or ""), str(entity.get("value") or "")}
    return sorted(found - {""}, key=lambda words: (-len(words), words))


def covered(value: Any, secrets: Sequence[str]) -> Any:
    """The same JSON with every secret, identity number, card and phone in its texts covered."""
    if isinstance(value, str):
        return _covered_text(value, secrets)
    if isinstance(value, Mapping):
        return {key: covered(one, secrets) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [covered(one, secrets) for one in value]
    return value


def _covered_text(text: str, secrets: Sequence[str]) -> str:
    for secret in secrets:
        text = re.sub(rf"(?<![0-9A-Za-z]){re.escape(secret)}(?![0-9A-Za-z])", COVER, text)
    for pattern in (_IDENTITY, _CARD, _PHONE):
        text = pattern.sub(COVER, text)
    return text
