"""Files and database brought together: nothing is lost on the way out and nothing is invented on the way in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.clock import FixedClock
from bot.knowledge import PolicyBook
from bot.knowledge.editing import Editing, SetAnswer, SetFact
from bot.knowledge.errors import EditRefused
from bot.knowledge.exchange import Exchange
from bot.knowledge.units import Status
from bot.store.engine import Sessions
from tests.knowledge.conftest import KNOWLEDGE

TODAY = date(2026, 11, 24)
NOTICE = "prepayment.full_notice"
WELCOME = (KNOWLEDGE / "answers" / "thanks" / "welcome.md").read_text(encoding="utf-8")


@pytest.fixture
def editing(sessions: Sessions, clock: FixedClock) -> Editing:
    return Editing(sessions, clock, KNOWLEDGE)


@pytest.fixture
def exchange(editing: Editing, clock: FixedClock) -> Exchange:
    return Exchange(editing, clock, KNOWLEDGE)


def set_fact(key: str, value: str, **more: object) -> SetFact:
    given: dict[str, object] = {"effective_from": date(2026, 12, 1), "author": "王", "source": "通知", **more}
    return SetFact(key=key, value=value, **given)  # type: ignore[arg-type]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


async def policy_of(editing: Editing) -> PolicyBook:
    return PolicyBook.load(KNOWLEDGE / "policy").changed_by((await editing.in_force(TODAY)).policy)


async def test_without_edits_the_files_come_out_as_they_are(exchange: Exchange, tmp_path: Path) -> None:
    exported = await exchange.export(tmp_path)
    assert (exported.written, exported.waiting) == ((), ())
    for path in KNOWLEDGE.glob("policy/*.yml"):
        assert (tmp_path / "policy" / path.name).read_text("utf-8") == path.read_text("utf-8"), path.name
    answers = sorted(path.relative_to(KNOWLEDGE) for path in KNOWLEDGE.glob("answers/**/*") if path.is_file())
    assert answers == sorted(
        path.relative_to(tmp_path) for path in tmp_path.glob("answers/**/*") if path.is_file()
    )


async def test_there_and_back_changes_nothing(
    editing: Editing, exchange: Exchange, clock: FixedClock, tmp_path: Path
) -> None:
    """Whatever the unit, also for a while and in a region, and with a text whose day has not come."""
    await editing.set_fact(set_fact(NOTICE, "15"))
    await editing.set_fact(set_fact("term.max_years", "35", effective_to=date(2026, 12, 5)))
    await editing.set_fact(set_fact("credit.one_off_repair_until", "2026-06-30", effective_from=TODAY))
    await editing.set_fact(set_fact("lpr.over_5y", "3.45", effective_from=date(2026, 11, 20)))
    region = {"region": "天津", "status": Status.REPORTED}
    await editing.set_fact(set_fact("down_payment.commercial_second_min", "20", **region))
    text = WELCOME.replace("不客气", "别客气")
    for day in (TODAY, date(2026, 12, 24)):
        await editing.set_answer(
            SetAnswer(answer="thanks/welcome", text=text, effective_from=day, author="王")
        )
    exported = await exchange.export(tmp_path)
    assert exported.written[-1] == "thanks/welcome"
    assert [change.name for change in exported.waiting] == ["a2"]
    assert (tmp_path / "answers" / "thanks" / "welcome.md").read_text(encoding="utf-8") == text

    read, now = PolicyBook.load(tmp_path / "policy"), await policy_of(editing)
    for key in now.keys():  # noqa: SIM118
        assert read.regions(key) == now.regions(key)
        assert read.every(key) == now.every(key), key
    assert read.fact("lpr.over_5y", TODAY).text == "3.45%"

    before = await editing.version()
    taken = await exchange.take_in(tmp_path, "李")
    assert (taken.made, taken.taken_back) == ((), ())
    assert await editing.version() == before


async def test_a_file_keeps_its_comments_and_the_facts_beside_the_edited_one(
    editing: Editing, exchange: Exchange, tmp_path: Path
) -> None:
    await editing.set_fact(set_fact(NOTICE, "15"))
    await exchange.export(tmp_path)
    before = (KNOWLEDGE / "policy" / "prepayment.yml").read_text(encoding="utf-8").splitlines()
    after = (tmp_path / "policy" / "prepayment.yml").read_text(encoding="utf-8").splitlines()
    gone = [line for line in before if line not in after]
    new = [line for line in after if line not in before]
    assert [line.strip()[:11] for line in gone] == ["- {value: 10"[:11]]
    assert [line.strip()[:12] for line in new] == ["- {value: 10", "- {value: 15"]
    assert "&" not in "".join(new)


async def test_an_edited_file_becomes_a_change_with_its_author(
    editing: Editing, exchange: Exchange, tmp_path: Path
) -> None:
    await exchange.export(tmp_path)
    line = "    - {value: 10, effective_from: 2026-10-01, source: 安居示范银行参数, status: bank}\n"
    added = "    - {value: 12, effective_from: 2027-01-01, source: 新通知, status: bank}\n"
    edit(tmp_path / "policy" / "prepayment.yml", line, line + added)
    edit(tmp_path / "answers" / "thanks" / "welcome.md", "不客气", "别客气")
    taken = await exchange.take_in(tmp_path, "李主管")
    assert [(change.name, change.author) for change in taken.made] == [("p1", "李主管"), ("a1", "李主管")]
    policy = await policy_of(editing)
    assert policy.fact(NOTICE, date(2026, 12, 31)).number == 10
    assert (policy.fact(NOTICE, date(2027, 1, 1)).number, policy.check()) == (12, ())
    assert "别客气" in (await editing.in_force(TODAY)).texts["thanks/welcome"]


async def test_a_correction_in_the_file_replaces_the_value(
    editing: Editing, exchange: Exchange, tmp_path: Path
) -> None:
    await exchange.export(tmp_path)
    edit(tmp_path / "policy" / "prepayment.yml", "value: 10, effective_from", "value: 12, effective_from")
    await exchange.take_in(tmp_path, "李")
    assert (await policy_of(editing)).fact(NOTICE, TODAY).number == 12


async def test_files_that_do_without_an_edit_take_it_back(
    editing: Editing, exchange: Exchange, tmp_path: Path
) -> None:
    await exchange.export(tmp_path)
    await editing.set_fact(set_fact(NOTICE, "15"))
    text = WELCOME.replace("不客气", "别客气")
    await editing.set_answer(SetAnswer(answer="thanks/welcome", text=text, effective_from=TODAY, author="王"))
    taken = await exchange.take_in(tmp_path, "李")
    assert taken.made == ()
    assert sorted(change.name for change in taken.taken_back) == ["a1", "p1"]
    assert (await policy_of(editing)).fact(NOTICE, date(2026, 12, 1)).number == 10
    assert (await editing.in_force(TODAY)).texts == {}
    assert {change.taken_back_by for change in await editing.history()} == {"李"}


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("policy/contract.yml", "value: true, effective_from: 2026-08-01", "value: 1, effective_from: 2026-08-01",
         "policy/contract.yml:8: contract.cost_table: a flag is true or false"),
        ("policy/service_levels.yml", "- key: service.bank_name", "- key: service.bank_title",
         "policy: service.bank_name: the fact is in use and missing here"),
        ("policy/service_levels.yml", "- key: service.bank_name", "- key: service.bank_title",
         "policy/service_levels.yml:3: service.bank_title: no file in use defines this fact"),
        ("policy/down_payment.yml",
         '    - {value: "25", region: 上海, effective_from: 2026-01-01, source: 2026年公开资料（转述）, status: B}\n',
         "", "down_payment.commercial_second_min: 上海 is in use and missing here"),
        ("policy/contract.yml", "- key: contract.in_person\n", "- key: contract.in_person\n  colour: red\n",
         "policy/contract.yml:3: contract.in_person: unknown field colour"),
        ("policy/contract.yml", "- review_by: 2027-05-31", "- review_by: [", "line 3"),
        ("policy/subsidy.yml", "    - {value: 5, effective_from: 2026-10-01, effective_to: 2027-09-30}",
         "    - {value: 5, effective_from: 2026-11-01, effective_to: 2027-09-30}",
         "policy/subsidy.yml:10: subsidy.max_years: a value in use is missing here"),
        ("answers/thanks/welcome.md", "不客气", "收3%",
         "answers/thanks/welcome.md:16: the figure '3%' must be a policy fact"),
        ("answers/thanks/welcome.md", "topic: thanks", "topic: greeting", "answers/thanks/welcome.md:2: topic"),
        ("answers/_macros.jinja", "以贷款合同和经办行为准", "以我为准", "edited in the files in use"),
    ],
)  # fmt: skip
async def test_faulty_files_are_refused_with_names_and_lines(
    editing: Editing, exchange: Exchange, tmp_path: Path, file: str, old: str, new: str, complaint: str
) -> None:
    await exchange.export(tmp_path)
    edit(tmp_path / file, old, new)
    with pytest.raises(EditRefused) as refused:
        await exchange.take_in(tmp_path, "李")
    assert complaint in "\n".join(str(problem) for problem in refused.value.problems)
    assert await editing.history() == ()


async def test_an_answer_or_a_folder_that_is_missing_is_refused(exchange: Exchange, tmp_path: Path) -> None:
    with pytest.raises(EditRefused, match="has no folder policy"):
        await exchange.take_in(tmp_path, "李")
    await exchange.export(tmp_path)
    (tmp_path / "answers" / "overdue" / "grace.md").unlink()
    with pytest.raises(EditRefused, match=r"answers/overdue/grace\.md: the answer is in use"):
        await exchange.take_in(tmp_path, "李")


async def test_a_new_answer_is_taken_in(editing: Editing, exchange: Exchange, tmp_path: Path) -> None:
    await exchange.export(tmp_path)
    new = WELCOME.replace("default: true\n", "").replace("  - 谢谢\n", "  - 谢谢您\n")
    (tmp_path / "answers" / "thanks" / "again.md").write_text(new, encoding="utf-8")
    taken = await exchange.take_in(tmp_path, "李")
    assert [change.name for change in taken.made] == ["a1"]
    assert list((await editing.in_force(TODAY)).texts) == ["thanks/again"]
