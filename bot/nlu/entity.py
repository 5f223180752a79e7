"""The entity as the rest of the system sees it, and the sheet on which the readers of a message note their finds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

#: The people of a household, as a borrower names them.
PEOPLE = (
    r"我|本人|老公|老婆|丈夫|妻子|太太|先生|爱人|媳妇儿?|对象|女朋友|男朋友|女友|男友|配偶|爸爸?|妈妈?|父亲|母亲|爹|娘|老伴儿?|那口子|当家的|儿子|女儿|儿媳妇?|闺女|女婿"
    r"|孩子|娃儿?|老大|老二|老三|岳父|岳母|丈人|丈母娘|公公|婆婆|爷爷|奶奶|外公|外婆|哥哥?|姐姐?|弟弟?|妹妹?|老头子?|老太太?|嫂子|姑姑|叔叔|舅舅|他|她"
)

Value = Any  # JSON: text, whole number, or a two-element list for a range


@dataclass(frozen=True)
class Entity:
    """One value said. `start` and `end` count in `text_of` the sheet it was found on."""

    type: str
    value: Value
    start: int
    end: int
    role: str | None = None  #: "from" or "to" when a change was said

    def with_role(self, role: str) -> Entity:
        return replace(self, role=role)


@dataclass
class Sheet:
    """A message while it is read: what is claimed by one reader is not read again by the next."""

    text: str
    today: date
    requested_slot: str | None = None
    found: list[Entity] = field(default_factory=list)

    def is_free(self, start: int, end: int) -> bool:
        return all(end <= entity.start or entity.end <= start for entity in self.found)

    def claim(self, type_: str, value: Value, start: int, end: int, role: str | None = None) -> bool:
        """Notes an entity unless its place is taken."""
        if start >= end or not self.is_free(start, end):
            return False
        self.found.append(Entity(type_, value, start, end, role))
        return True

    def matches(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """The matches of a pattern that stand where nothing is claimed yet."""
        for match in pattern.finditer(self.text):
            if self.is_free(match.start(), match.end()):
                yield match

    def before(self, place: int, length: int = 8) -> str:
        """What stands right before a place, within its clause."""
        return re.split(r"[,，。;；!！?？\n]", self.text[max(0, place - length) : place])[-1]

    def after(self, place: int, length: int = 8) -> str:
        """What stands right behind a place, within its clause."""
        return re.split(r"[,，。;；!！?？\n]", self.text[place : place + length])[0]

    def has(self, type_: str) -> bool:
        return any(entity.type == type_ for entity in self.found)


def plain(number: Decimal) -> str:
    """A decimal without exponent and without trailing zeros: ``"0.035"``."""
    text = format(number.normalize(), "f")
    return text if text not in ("-0",) else "0"


def whole(number: Decimal) -> int:
    """Rounded to a whole number, half up as money is."""
    from decimal import ROUND_HALF_UP

    return int(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))
