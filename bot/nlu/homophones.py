"""Words of the trade behind characters that sound or look the same: 「愈期」 is read as 「逾期」.

The table is ``data/nlu/homophones.yml``. A misspelling has as many characters as its word, so that every character
keeps its place.
"""

from __future__ import annotations

import functools
import re

from bot.nlu.errors import SettingsMissing
from bot.nlu.paths import NLU_DATA


def corrected(text: str) -> str:
    """The text, equally long, with the misspellings of the table put right.

    >>> corrected("货款愈期了")
    '贷款逾期了'
    """
    words = misspellings()
    return _pattern().sub(lambda found: words[found.group()], text)


@functools.lru_cache(maxsize=1)
def misspellings() -> dict[str, str]:
    """What is typed, and the word that is meant."""
    import yaml

    path = NLU_DATA / "homophones.yml"
    if not path.exists():
        raise SettingsMissing(f"no table of homophones at {path.name}")
    table = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {typed: word for word, typed_for_it in table.items() for typed in typed_for_it}


@functools.lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(misspellings(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))
