"""The rows by which picking is measured: each names a real answer, and none copies what an answer lists."""

from __future__ import annotations

import csv

from bot.knowledge import AnswerBook
from bot.settings import ROOT

ROWS = ROOT / "tests" / "knowledge" / "picking.tsv"


def test_every_row_names_an_answer_and_is_not_one_of_its_questions(answers: AnswerBook) -> None:
    with ROWS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) >= 280
    listed = {
        question for topic in answers.topics for answer in answers.of(topic) for question in answer.questions
    }
    for row in rows:
        assert row["slug"] in {answer.slug for answer in answers.of(row["topic"])}, row
        assert row["question"] not in listed
    assert len({row["question"] for row in rows}) == len(rows)


def test_every_answer_that_competes_with_another_is_measured(answers: AnswerBook) -> None:
    with ROWS.open(encoding="utf-8", newline="") as file:
        measured = {(row["topic"], row["slug"]) for row in csv.DictReader(file, delimiter="\t")}
    competing = {
        (topic, answer.slug)
        for topic in answers.topics
        for answer in answers.of(topic)
        if len(answers.of(topic)) > 1
    }
    assert competing - measured == set()
