"""What ``fangxin policy check`` finds: the product's own knowledge is clean, and each kind of fault is named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.knowledge import PolicyBook
from bot.knowledge.checking import check_folder, keys_in_template
from bot.settings import ROOT
from tests.knowledge.conftest import KNOWLEDGE

TODAY = date(2026, 11, 24)
SOURCES = sorted(path for room in ("bot", "actions") for path in (ROOT / room).rglob("*.py"))
ANSWER = """---
topic: overdue
title: 标题
questions: [问]
default: true
review_by: 2027-05-31
---

{body}
"""
FACT = """- review_by: 2027-01-31
- key: a.fact
  title: 事实
  unit: pct
  source: 出处
  status: B
{more}  values:
    - {{value: "1", effective_from: 2026-01-01}}
"""


def found(folder: Path, body: str, fact: str, code: str = "", today: date = TODAY) -> list[str]:
    (folder / "policy").mkdir()
    (folder / "policy" / "a.yml").write_text(fact, encoding="utf-8")
    (folder / "answers" / "overdue").mkdir(parents=True)
    (folder / "answers" / "_macros.jinja").write_text("", encoding="utf-8")
    (folder / "answers" / "overdue" / "a.md").write_text(ANSWER.format(body=body), encoding="utf-8")
    (folder / "code.py").write_text(code, encoding="utf-8")
    return [str(problem) for problem in check_folder(folder, [folder / "code.py"], today)]


def test_the_shipped_knowledge_is_clean() -> None:
    assert check_folder(KNOWLEDGE, SOURCES, TODAY) == ()


def test_every_shipped_fact_and_answer_has_a_day_of_review(policy: PolicyBook) -> None:
    for fact in policy.on(TODAY):
        assert fact.review_by is not None, fact.key
        assert TODAY < fact.review_by < date(2027, 12, 31), fact.key


def test_next_summer_much_is_due_for_review() -> None:
    due = [str(problem) for problem in check_folder(KNOWLEDGE, SOURCES, date(2027, 6, 1))]
    assert "lpr.over_5y (CN): was to be looked up again by 2026-12-21" in due
    assert "overdue/grace: was to be read again by 2027-05-31" in due


def test_a_used_fact_is_no_problem(tmp_path: Path) -> None:
    assert found(tmp_path, "{{ policy('a.fact') }}", FACT.format(more="")) == []


@pytest.mark.parametrize("code", ['x = "a.fact"', 'x = f"a.{y}"', "x = f'a.f{y}t'"])
def test_code_uses_a_fact_too(tmp_path: Path, code: str) -> None:
    assert found(tmp_path, "文", FACT.format(more=""), code) == []


@pytest.mark.parametrize(
    ("body", "more", "code", "today", "complaint"),
    [
        ("文", "", 'x = f"b.{y}"', TODAY, "a.fact: no answer and no code uses the fact"),
        ("{{ policy('a.fact') }}", "  kept_for: 以后\n", "", TODAY, "a.fact: is used, so kept_for"),
        (
            "{% if false %}{{ since('a.gone') }}{% endif %}{{ policy('a.fact') }}",
            "",
            "",
            TODAY,
            "overdue/a: no policy fact is called 'a.gone'",
        ),
        ("{{ policy('a.fact') }}", "", "", date(2027, 2, 1), "a.fact (CN): was to be looked up again"),
        ("{{ policy('a.fact') }}", "", "", date(2025, 1, 1), "overdue/a: no value of 'a.fact'"),
        ("{{ policy('a.fact') }}收3元", "", "", TODAY, "overdue/a: the figure '3元'"),
        ("{{ policy('a.fact') }}", "  colour: red\n", "", TODAY, "a.yml: a.fact: unknown field colour"),
    ],
)
def test_each_fault_is_named(
    tmp_path: Path, body: str, more: str, code: str, today: date, complaint: str
) -> None:
    assert complaint in "\n".join(found(tmp_path, body, FACT.format(more=more), code, today))


def test_a_fact_that_is_kept_for_later_says_why(tmp_path: Path) -> None:
    assert found(tmp_path, "文", FACT.format(more="  kept_for: 客服台的计时\n")) == []


def test_a_fact_may_be_reviewed_sooner_than_its_file(tmp_path: Path) -> None:
    said = found(tmp_path, "{{ policy('a.fact') }}", FACT.format(more="  review_by: 2026-11-01\n"))
    assert said == ["a.fact (CN): was to be looked up again by 2026-11-01"]


def test_the_keys_of_a_template_include_those_of_shared_sentences() -> None:
    body = "{{ rate('a.b', \"c.d\") }}{{ say.charge('e.f') }}{{ policy('g.h', region='北京') }}{{ other('i.j') }}"
    assert keys_in_template(body) == ("a.b", "c.d", "e.f", "g.h")
    assert keys_in_template("{{ policy( ") == ()
