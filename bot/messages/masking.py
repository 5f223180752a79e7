"""Masks for the numbers that identify a person: enough to recognise one's own, too little to use."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

STAR = "*"
COVER = "●●●●"  #: stands for words of which nothing may remain
SEPARATOR = r"[ -]?"
PHONE = re.compile(rf"(?<![0-9A-Za-z])1[3-9]\d{SEPARATOR}\d{{4}}{SEPARATOR}\d{{4}}(?![0-9A-Za-z])")
#: In running text; the identity number first, since its digits could pass for a card's.
IN_TEXT = (
    re.compile(
        rf"(?<![0-9A-Za-z])\d{{6}}{SEPARATOR}(?:19|20)\d{{6}}{SEPARATOR}\d{{3}}[0-9Xx](?![0-9A-Za-z])"
    ),
    re.compile(
        rf"(?<![0-9A-Za-z])\d{{4}}(?:{SEPARATOR}\d{{4}}){{3}}(?:{SEPARATOR}\d{{1,3}})?(?![0-9A-Za-z])"
    ),
    PHONE,
)


def names_phone(text: str) -> bool:
    """Whether a mobile number stands in the text.

    >>> names_phone("打我电话 138 1234 5678，下午都行"), names_phone("等你们上班")
    (True, False)
    """
    return PHONE.search(text) is not None


def mask_text(text: str) -> str:
    """Phones, identity numbers and bank cards in running text, masked; application numbers and money stay.

    >>> mask_text("电话13812345678，申请号FX2026110001，贷款1200000元")
    '电话138****5678，申请号FX2026110001，贷款1200000元'
    """
    for pattern, mask in zip(IN_TEXT, (mask_id_number, mask_card, mask_phone), strict=True):
        text = pattern.sub(lambda found, mask=mask: mask(found[0]), text)  # type: ignore[misc]
    return text


def covered(value: Any, secrets: Sequence[str]) -> Any:
    """The same JSON with each secret in its texts covered, where it stands alone.

    >>> covered({"text": "后四位1234，FX2026111234"}, ["1234"])
    {'text': '后四位●●●●，FX2026111234'}
    """
    if isinstance(value, str):
        for secret in secrets:
            value = re.sub(rf"(?<![0-9A-Za-z]){re.escape(secret)}(?![0-9A-Za-z])", COVER, value)
        return value
    if isinstance(value, Mapping):
        return {key: covered(one, secrets) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [covered(one, secrets) for one in value]
    return value


def mask_phone(phone: str) -> str:
    """``13812345678`` becomes ``138****5678``."""
    return _masked(phone, keep_left=3, keep_right=4)


def mask_id_number(number: str) -> str:
    """``110101199003071234`` becomes ``110***********1234``: neither birthday nor district can be read."""
    return _masked(number, keep_left=3, keep_right=4)


def mask_card(card: str) -> str:
    """``6222 0212 3456 7890 123`` becomes ``***************0123``: only the tail, as on a receipt."""
    return _masked(card, keep_left=0, keep_right=4)


def mask_name(name: str) -> str:
    """``王小明`` becomes ``王**``."""
    return name[:1] + STAR * max(len(name) - 1, 1) if name else ""


def _masked(number: str, *, keep_left: int, keep_right: int) -> str:
    """The number without blanks and dashes; one too short to keep both ends is covered whole."""
    plain = "".join(character for character in number if character.isalnum())
    hidden = len(plain) - keep_left - keep_right
    if hidden < 4:
        return STAR * len(plain)
    return plain[:keep_left] + STAR * hidden + plain[len(plain) - keep_right :]
