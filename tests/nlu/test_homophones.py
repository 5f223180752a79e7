"""Misspelled words of the trade are read as what was meant, and no other words are touched."""

from __future__ import annotations

import pytest
import yaml

from bot.nlu.homophones import corrected
from bot.nlu.normalise import normalise
from bot.nlu.paths import NLU_DATA


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("货款愈期了怎么办", "贷款逾期了怎么办"),
        ("手套房三层首付够吗", "首套房三成首付够吗"),
        ("公基金利绿多少", "公积金利率多少"),
        ("题前还宽", "提前还款"),
    ],
)
def test_a_misspelled_word_of_the_trade_is_read_as_meant(typed: str, meant: str) -> None:
    assert corrected(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "调整信用卡额度",
        "每月公积金够还吗",
        "还剩余期数",
        "由于其他原因",
        "房带车位吗",
        "月工资八千",
        "每月共还多少",
        "保证信息安全",
        "还轻松吗",
        "最低押金",
        "借款限额",
        "房产证名字",
        "冬天戴手套",
        "中国首富是谁",
        "开发商代办房产证",
        "预期收益",
        "今年现在利率",
    ],
)
def test_ordinary_words_that_meet_are_no_misspelling(text: str) -> None:
    assert corrected(text) == text


def test_the_place_of_every_character_is_kept() -> None:
    read = normalise("我的貨款，愈期了")
    start = read.text.index("逾期")
    assert read.original[slice(*read.span(start, start + 2))] == "愈期"


def test_a_misspelling_is_as_long_as_its_word_and_means_one_word() -> None:
    table = yaml.safe_load((NLU_DATA / "homophones.yml").read_text(encoding="utf-8"))
    meant: dict[str, str] = {}
    for word, misspellings in table.items():
        for typed in misspellings:
            assert len(typed) == len(word)
            assert typed != word
            assert meant.setdefault(typed, word) == word


def test_no_word_of_the_lexicon_is_a_misspelling() -> None:
    lexicon = [line.split()[0] for line in (NLU_DATA / "lexicon.txt").read_text("utf-8").splitlines() if line]
    assert [word for word in lexicon if corrected(word) != word] == []
