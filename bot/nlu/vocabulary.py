"""The closed vocabularies: repayment methods, loan products, first or second home.

Two finders read the same table: a regular expression (needs nothing), and spaCy's entity ruler over characters, which
the graph component uses. Over jieba's words the ruler would miss a term whenever a word boundary falls inside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bot.nlu.entity import Sheet, Value

TERMS: dict[tuple[str, Value], tuple[str, ...]] = {
    ("method", "equal_instalment"): ("等额本息", "等本息", "等额等息", "等额还款", "本息等额", "本息均摊", "equal instalment", "equal installment", "level payment"),
    ("method", "equal_principal"): ("等额本金", "等本金", "本金等额", "等额递减", "本金均摊", "equal principal"),
    ("method", "balloon"): ("气球贷", "气球型"),
    ("method", "interest_first"): ("先息后本", "按期付息到期还本", "先还利息后还本金", "先还利息后还本", "先付息后还本", "先还利息再还本金", "先还息后还本", "按月付息到期还本"),
    ("product", "commercial"): ("商业贷款", "商业性贷款", "商业性个人住房贷款", "商业住房贷款", "商业按揭", "商业贷", "商业性住房贷款", "商贷", "commercial loan", "commercial mortgage"),
    ("product", "provident_fund"): ("住房公积金贷款", "公积金贷款", "公积金贷", "住房公积金", "公积金", "公贷", "gjj贷款", "gjj", "provident fund loan", "provident fund", "housing fund"),
    ("product", "combined"): ("组合贷款", "组合贷", "混合贷款", "混合贷", "组合按揭", "combined loan", "combination loan"),
    ("home_count", 1): ("首套房", "首套", "第一套房", "第一套", "头套", "头一套房", "头一套", "头回买房", "头一回买房", "头次买房", "首次购房", "首次买房", "首房", "首购", "首置", "首次置业", "第一次买房", "第一次购房", "first home", "first house", "first-time buyer"),
    ("home_count", 2): ("二套房", "二套", "第二套房", "第二套", "2套房", "第2套", "两套房", "second home", "second house"),
}  # fmt: skip

Find = tuple[int, int, str, Value]
Finder = Callable[[str], Iterable[Find]]

_BY_WORD = {word: meaning for meaning, words in TERMS.items() for word in words}
_WORDS = re.compile("|".join(re.escape(word) for word in sorted(_BY_WORD, key=len, reverse=True)))
_WITHOUT_BLANKS = re.compile("|".join(re.escape(word.replace(" ", "")) for word in _BY_WORD))
#: 「商转公」 names both products and which way it goes.
_CONVERSION = re.compile(r"(商|公)(?:贷)?转(?:换?成?)?(公积金|组合|公|商)(?:贷)?")
#: Names of other lenders' products in which a term seems to stand.
_OTHER_LENDERS = frozenset({"网商贷"})
_CONVERTED = {
    "商": "commercial", "公": "provident_fund", "公积金": "provident_fund", "组合": "combined",
}  # fmt: skip


def by_pattern(text: str) -> Iterable[Find]:
    """The terms of a text, longest first."""
    for match in _WORDS.finditer(text):
        kind, value = _BY_WORD[match.group()]
        yield match.start(), match.end(), kind, value


class RulerFinder:
    """The same terms through spaCy's blank ``zh`` pipeline with an entity ruler."""

    def __init__(self) -> None:
        import spacy

        self._nlp = spacy.blank("zh")  # segments by character
        ruler = self._nlp.add_pipe("entity_ruler")
        self._meanings = {str(index): meaning for index, meaning in enumerate(TERMS)}
        ruler.add_patterns(  # type: ignore[attr-defined]
            [
                {"label": str(index), "pattern": word}
                for index, words in enumerate(TERMS.values())
                for word in words
            ]
        )

    def __call__(self, text: str) -> Iterable[Find]:
        # spaCy reads 「公 积 金」 as the same characters, and takes long over texts without any term.
        if not _WITHOUT_BLANKS.search("".join(text.split())):
            return
        for span in self._nlp(text).ents:
            kind, value = self._meanings[span.label_]
            yield span.start_char, span.end_char, kind, value


def read_vocabulary(sheet: Sheet, finder: Finder = by_pattern) -> None:
    """Methods, products and home counts."""
    for match in sheet.matches(_CONVERSION):
        first, second = _CONVERTED[match.group(1)], _CONVERTED[match.group(2)]
        if first != second:
            sheet.claim("product", first, match.start(1), match.end(1), "from")
            sheet.claim("product", second, match.start(2), match.end(2), "to")
    for start, end, kind, value in finder(sheet.text):
        if sheet.text[max(0, start - 1) : start + 2] not in _OTHER_LENDERS:
            sheet.claim(kind, value, start, end)
