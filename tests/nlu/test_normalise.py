"""One spelling for many, with the way back."""

from __future__ import annotations

import pytest

from bot.nlu.normalise import normalise


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("１２０Ｗ", "120w"),
        ("提前還款要違約金嗎", "提前还款要违约金吗"),
        ("提\u200b前\ufeff还款", "提前还款"),
        ("急急急急！！！？？", "急急!?"),
        ("好的😀谢谢🙏", "好的 谢谢"),
        ("LPR－30BP", "lpr-30bp"),
        ("  你好 \t 在吗 ", "你好 在吗"),
        ("1000000", "1000000"),
        ("３．５％", "3.5%"),
        ("[流泪]还不上了", "还不上了"),
        ("😀😀", ""),
        ("", ""),
    ],
)
def test_a_message_gets_one_spelling(typed: str, read: str) -> None:
    assert normalise(typed).text == read


def test_every_character_knows_where_it_was_typed() -> None:
    message = normalise("我要貸\u200b１２０萬！！！")
    place = message.text.index("120万")
    start, end = message.span(place, place + 4)
    assert message.original[start:end] == "１２０萬"


def test_blanks_beside_chinese_do_not_count_for_the_classifier() -> None:
    assert normalise("贷款 120 万 first home").compact == "贷款120万first home"
