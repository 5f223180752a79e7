"""Within a topic, the answer that fits what the customer typed is the one that is given."""

from __future__ import annotations

import csv

import pytest

from bot.knowledge import AnswerBook
from bot.settings import ROOT
from tests.e2e.conftest import Stack

pytestmark = pytest.mark.e2e

RIGHT_AT_LEAST = 0.92


async def test_most_questions_get_the_answer_written_for_them(stack: Stack) -> None:
    """`picking.tsv` is worded apart from the questions that the answers list."""
    book = AnswerBook.load(ROOT / "data" / "knowledge" / "answers")
    with (ROOT / "tests" / "knowledge" / "picking.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))

    async def embed(texts: list[str]) -> list[list[float]]:
        return stack.rasa_embed(texts)

    wrong = []
    for row in rows:
        picked = await book.pick(row["topic"], row["question"], embed)
        if picked.slug != row["slug"]:
            wrong.append(f"{row['topic']}: {row['question']} → {picked.slug}, not {row['slug']}")
    assert 1 - len(wrong) / len(rows) >= RIGHT_AT_LEAST, "\n".join(wrong)
