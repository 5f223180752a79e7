"""Phrases: found by key, finished with their values, and never half said."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bot.knowledge import Phrases
from bot.knowledge.errors import KnowledgeError, PhraseError, PhraseUnfinished, UnknownPhrase
from bot.servicing.model import ApplicationState, Product
from bot.settings import ROOT


def phrases(folder: Path, text: str) -> Phrases:
    path = folder / "phrases.yml"
    path.write_text(text, encoding="utf-8")
    return Phrases.load(path)


def test_a_phrase_is_found_by_its_dotted_key_and_filled(tmp_path: Path) -> None:
    book = phrases(tmp_path, "payment:\n  ask:\n    amount: 贷{{ amount | yuan }}，对吗？\n")
    assert book.say("payment.ask.amount", amount=Decimal(1_200_000)) == "贷120万元，对吗？"
    assert book.keys() == ("payment.ask.amount",)


@pytest.mark.parametrize("key", ["payment.ask", "payment", "nothing", ""])
def test_what_is_not_a_phrase_is_a_key_error(tmp_path: Path, key: str) -> None:
    book = phrases(tmp_path, "payment:\n  ask:\n    amount: 多少？\n")
    with pytest.raises(UnknownPhrase) as unknown:
        book.say(key)
    assert isinstance(unknown.value, KeyError)
    assert isinstance(unknown.value, KnowledgeError)


def test_a_missing_value_is_an_error_and_not_a_hole(tmp_path: Path) -> None:
    book = phrases(tmp_path, "a: 还剩{{ left }}次\n")
    with pytest.raises(PhraseUnfinished):
        book.say("a")


@pytest.mark.parametrize(
    "text", ["a: 1\n", "a: [一, 二]\n", "a: {{ left\n", "a: '{{ left'\n", "a: x\na: y\n"]
)
def test_a_faulty_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PhraseError):
        phrases(tmp_path, text)


@pytest.mark.parametrize(
    ("template", "value", "said"),
    [
        ("{{ v | money }}", Decimal("4490.445"), "4,490.45元"),
        ("{{ v | yuan }}", Decimal("47382.98"), "47382.98元"),
        ("{{ v | yuan }}", Decimal(15_000), "1.5万元"),
        ("{{ v | percent }}", Decimal("0.0305"), "3.05%"),
        ("{{ v | day }}", date(2026, 11, 22), "2026年11月22日"),
        ("{{ v | day }}", datetime(2026, 11, 22, 16, 5, tzinfo=UTC), "2026年11月23日"),
        ("{{ v | day_short }}", date(2026, 11, 2), "11月2日"),
        ("{{ v | moment }}", datetime(2026, 11, 22, 6, 5, tzinfo=UTC), "11月22日 14:05"),
    ],
)
def test_filters_show_money_rates_and_days(tmp_path: Path, template: str, value: object, said: str) -> None:
    assert phrases(tmp_path, f'a: "{template}"\n').say("a", v=value) == said


def test_every_product_and_state_has_its_word() -> None:
    book = Phrases.load(ROOT / "data" / "knowledge" / "phrases.yml")
    for product in Product:
        assert book.say(f"servicing.product.{product.value}")
    for state in ApplicationState:
        assert book.say(f"servicing.state.{state.value}")
