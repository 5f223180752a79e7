"""One spelling for many: what the rest of the pipeline reads, with the way back to what was typed.

Every character of the normalised text remembers where it stood in the original, so that entities are reported
against the customer's own words.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

from bot.nlu.homophones import corrected

_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u231a-\u23ff\U000e0020-\U000e007f\u20e3\u200d\ufe0e\ufe0f]"
)
_EMOTICON = re.compile(r"\[[\u4e00-\u9fff]{1,3}\]")  # [流泪] as WeChat sends it
_NUMERALS = frozenset("零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟")
_NUMERALS_OF_TENS = {"廿": "二十", "卅": "三十"}
#: Units typed in pinyin behind a figure, and a full stop typed for the decimal point.
_TYPED = re.compile(r"(?<=[0-9])(?P<unit>wan|nian|qian)(?![a-z])|(?<=[0-9])(?P<point>。)(?=[0-9])")
_UNITS_IN_PINYIN = {"wan": "万", "nian": "年", "qian": "千"}
_SPACED_OUT = re.compile(r"(?<![^\s])(?:[^\s] ){3,}[^\s](?![^\s])")
_PUNCTUATION_MAP = str.maketrans(
    {"〜": "~", "～": "~", "—": "-", "–": "-", "－": "-", "−": "-", "‐": "-", "―": "-"}
)


@dataclass(frozen=True)
class Normalised:
    """The normalised `text`; ``origins[i]`` is the place of ``text[i]`` in `original`."""

    original: str
    text: str
    origins: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that became ``text[start:end]``."""
        if start >= end:
            return (0, 0)
        return self.origins[start], self.origins[end - 1] + 1

    @property
    def compact(self) -> str:
        """The text without blanks beside Chinese characters: what the classifier reads."""
        return _BLANK_BESIDE_CHINESE.sub("", self.text)


_BLANK_BESIDE_CHINESE = re.compile(r"(?<![\x21-\x7e]) | (?![\x21-\x7e])")


def normalise(text: str) -> Normalised:
    """Half-width, simplified, lower-case, words of the trade spelled right; without what cannot be seen or read.

    Invisible characters, emoji and endless repetition go.
    """
    places = _mend_typing(_fold_blanks(_fold_repeats(_simplified(_characters(text)))))
    return Normalised(text, "".join(char for char, _ in places), tuple(place for _, place in places))


_Places = list[tuple[str, int]]


def _characters(text: str) -> _Places:
    hidden = {i for match in _EMOTICON.finditer(text) for i in range(match.start(), match.end())}
    places: _Places = []
    for index, char in enumerate(text):
        if index in hidden:
            places.append((" ", index))
        elif char == "，" and not _between_wide_digits(text, index):
            places.append((char, index))  # a half-width comma may group digits, this one does not
        else:
            for part in _folded(char):
                places.append((part, index))
    return places


@functools.lru_cache(maxsize=8192)
def _folded(char: str) -> str:
    """What one character is read as, whatever stands beside it; nothing where it cannot be seen."""
    if _EMOJI.match(char):
        return " "
    if char in _NUMERALS_OF_TENS:
        return _NUMERALS_OF_TENS[char]
    category = unicodedata.category(char)
    if category in ("Cf", "Mn", "Me", "Cs", "Co"):
        return ""
    if category in ("Cc", "Zs", "Zl", "Zp"):
        return "\n" if char == "\n" else " "
    return unicodedata.normalize("NFKC", char).translate(_PUNCTUATION_MAP).lower()


def _between_wide_digits(text: str, index: int) -> bool:
    around = text[max(index - 1, 0) : index] + text[index + 1 : index + 2]
    return len(around) == 2 and all("０" <= char <= "９" for char in around)


@functools.lru_cache(maxsize=1)
def _converter() -> object:
    from opencc import OpenCC

    return OpenCC("t2s")


def _simplified(places: _Places) -> _Places:
    text = "".join(char for char, _ in places)
    if text.isascii():
        return places
    converter = _converter()
    converted: str = converter.convert(text)  # type: ignore[attr-defined]
    if len(converted) != len(text):  # a phrase of another length: character by character keeps the places
        converted = "".join((converter.convert(char) or char)[0] for char in text)  # type: ignore[attr-defined]
    return [(char, place) for char, (_, place) in zip(corrected(converted), places, strict=True)]


def _fold_repeats(places: _Places) -> _Places:
    """Punctuation once, a letter or a character at most twice; digits and numerals stay."""
    folded: _Places = []
    for char, place in places:
        if char.isdigit() or char in _NUMERALS or char == "\n":
            folded.append((char, place))
            continue
        limit = 2 if char.isalpha() else 1
        if len(folded) >= limit and all(previous == char for previous, _ in folded[-limit:]):
            continue
        folded.append((char, place))
    return folded


def _fold_blanks(places: _Places) -> _Places:
    folded: _Places = []
    for char, place in places:
        if char in " \n" and (not folded or folded[-1][0] in " \n"):
            continue
        folded.append((char, place))
    while folded and folded[-1][0] in " \n":
        folded.pop()
    return folded


def _mend_typing(places: _Places) -> _Places:
    """「120wan」, 「3。5」 and 「8 0 万」 as they were meant."""
    text = "".join(char for char, _ in places)
    spaced = {
        i
        for match in _SPACED_OUT.finditer(text)
        if not match.group().isascii()
        for i in range(match.start(), match.end())
        if text[i] == " "
    }
    changed: dict[int, str] = dict.fromkeys(spaced, "")
    for match in _TYPED.finditer(text):
        *dropped, last = range(match.start(), match.end())
        changed.update(dict.fromkeys(dropped, ""))
        changed[last] = "." if match["point"] else _UNITS_IN_PINYIN[match["unit"]]
    return [(changed.get(i, char), place) for i, (char, place) in enumerate(places) if changed.get(i, char)]
