"""An edited file is read without a restart, and a broken edit does no harm."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from actions.alarms import Alarms
from actions.answers import AnswerAction
from actions.colleagues import Colleagues
from actions.requests.markers import Markers
from actions.topics import Topics
from bot.clock import FixedClock
from bot.knowledge import Library
from bot.papers import PaperLinks
from bot.settings import ROOT
from tests.actions.conftest import (
    ScriptedCertificates,
    ScriptedComplaints,
    ScriptedDocuments,
    ScriptedRequests,
    ScriptedServicing,
)
from tests.actions.said import Message, run
from tests.knowledge.conftest import KNOWLEDGE


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(KNOWLEDGE, tmp_path / "knowledge"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1_000_000))


def test_nothing_is_read_again_while_nothing_changed(copy: Path) -> None:
    library = Library(copy)
    book = library.answers
    assert not library.refresh()
    assert library.answers is book


def test_an_edited_fact_reaches_the_answer(copy: Path) -> None:
    library = Library(copy)
    edit(copy / "policy" / "prepayment.yml", "value: 10, effective_from", "value: 15, effective_from")
    assert library.refresh()
    answer = library.answers.default_of("prepay_process")
    assert "15天" in library.answers.render(answer, library.policy, date(2026, 11, 22)).text


def test_a_broken_edit_keeps_the_last_good_books(copy: Path) -> None:
    library = Library(copy)
    edit(copy / "answers" / "thanks" / "welcome.md", "title:", "colour:")
    assert not library.refresh()
    assert library.answers.default_of("thanks").title == "感谢"
    edit(copy / "answers" / "thanks" / "welcome.md", "colour:", "title:")
    assert library.refresh()


def test_vectors_of_unchanged_questions_are_kept(copy: Path) -> None:
    library = Library(copy)
    library.answers.known_vectors["谢谢"] = [1.0]
    edit(copy / "answers" / "thanks" / "welcome.md", "不客气", "别客气")
    assert library.refresh()
    assert library.answers.known_vectors == {"谢谢": [1.0]}


async def test_an_edit_is_spoken_in_the_next_turn(copy: Path) -> None:
    async def no_vectors(texts: list[str]) -> list[list[float]]:
        raise AssertionError

    colleagues = Colleagues(
        clock=FixedClock(datetime(2026, 11, 22, 4, 0, tzinfo=UTC)),
        library=Library(copy),
        servicing=ScriptedServicing(),
        embed=no_vectors,
        topics=Topics.load(ROOT / "data" / "nlu" / "topics.yml"),
        papers=PaperLinks("test secret", Library(copy).phrases),
        requests=ScriptedRequests(),
        complaints=ScriptedComplaints(),
        certificates=ScriptedCertificates(),
        markers=Markers.load(copy / "requests.yml"),
        alarms=Alarms.load(copy / "alarms.yml"),
        documents=ScriptedDocuments(),
    )
    action = AnswerAction(colleagues)
    before = await run(action, Message("thanks", "谢谢"))
    edit(copy / "answers" / "thanks" / "welcome.md", "不客气", "别客气")
    after = await run(action, Message("thanks", "谢谢"))
    assert after.texts == [before.texts[0].replace("不客气", "别客气")] != before.texts
