"""The product's own books, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge import AnswerBook, PolicyBook
from bot.settings import ROOT

KNOWLEDGE = ROOT / "data" / "knowledge"


@pytest.fixture(scope="session")
def policy() -> PolicyBook:
    return PolicyBook.load(KNOWLEDGE / "policy")


@pytest.fixture(scope="session")
def answers() -> AnswerBook:
    return AnswerBook.load(KNOWLEDGE / "answers")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty answers folder with its macros."""
    (tmp_path / "_macros.jinja").write_text(
        "{%- macro unverified() -%}以贷款合同和经办行为准{%- endmacro -%}", encoding="utf-8"
    )
    return tmp_path
