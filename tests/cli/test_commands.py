"""The command line as a person or a program uses it: what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT

FANGXIN = str(Path(sys.executable).parent / "fangxin")
LEVEL = {"principal": "1000000", "annual_rate_pct": "3.5", "term_months": 360}
NOBODY_LISTENS = "1"


def fangxin(
    *words: str, home: Path, stdin: str = "", now: str = "2026-11-24T10:00:00+08:00"
) -> subprocess.CompletedProcess[str]:
    env = {
        **os.environ,
        "FANGXIN_NOW": now,
        "FANGXIN_HOME": str(home),
        "FANGXIN_HTTP_PORT": NOBODY_LISTENS,
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        [FANGXIN, *words], input=stdin, capture_output=True, text=True, env=env, check=False
    )


def test_calc_answers_one_request(tmp_path):
    done = fangxin("calc", "level_payment", home=tmp_path, stdin=json.dumps(LEVEL))
    assert done.returncode == 0
    assert json.loads(done.stdout)["monthly_payment"] == "4490.45"


def test_calc_names_the_wrong_field_and_ends_with_two(tmp_path):
    wrong = json.dumps({**LEVEL, "annual_rate_pct": "350"})
    done = fangxin("calc", "level_payment", home=tmp_path, stdin=wrong)
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["field"] == "annual_rate_pct"


def test_calc_lines_are_answered_in_order_and_a_line_that_is_no_json_does_not_stop_them(tmp_path):
    lines = [
        json.dumps({"id": 1, "kind": "level_payment", "inputs": LEVEL}),
        "not json",
        json.dumps({"id": "x", "kind": "no_such_kind", "inputs": {}}),
        json.dumps({"id": 2, "kind": "equal_principal", "inputs": LEVEL}),
    ]
    done = fangxin("calc", "--jsonl", home=tmp_path, stdin="\n".join(lines))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 2
    assert [answer["id"] for answer in answers] == [1, None, "x", 2]
    assert answers[0]["result"]["monthly_payment"] == "4490.45"
    assert answers[2]["error"]["code"] == "unknown_kind"
    assert answers[3]["result"]["first_payment"] == "5694.45"


def test_calc_lines_that_are_all_json_end_with_nothing_wrong(tmp_path):
    line = json.dumps({"id": 1, "kind": "level_payment", "inputs": {}})
    done = fangxin("calc", "--jsonl", home=tmp_path, stdin=line)
    assert done.returncode == 0
    assert "error" in json.loads(done.stdout)


@pytest.mark.parametrize("words", [("ask", "你好"), ("chat",)])
def test_without_a_service_it_says_so_and_ends_with_three(tmp_path, words):
    done = fangxin(*words, home=tmp_path, stdin="你好\n")
    assert done.returncode == 3
    assert "no answer from" in done.stderr
    assert "Traceback" not in done.stderr


def test_eval_refuses_a_table_without_its_columns(tmp_path):
    table = tmp_path / "bad.tsv"
    table.write_text("a\tb\n1\t2\n", encoding="utf-8")
    done = fangxin("eval", str(table), home=tmp_path)
    assert done.returncode == 2
    assert "label" in done.stderr


def test_eval_asks_for_something_to_measure(tmp_path):
    done = fangxin("eval", home=tmp_path)
    assert done.returncode == 2
    assert "--cross-validation" in done.stderr


def test_accounts_are_added_and_listed(tmp_path):
    assert fangxin("prepare", home=tmp_path).returncode == 0
    added = fangxin(
        "user", "add", "li", "--display-name", "李", "--password-stdin", home=tmp_path, stdin="long enough\n"
    )
    assert added.returncode == 0
    listed = json.loads(fangxin("user", "list", "--json", home=tmp_path).stdout)
    assert {"name": "li", "display_name": "李", "role": "agent"} in listed
    short = fangxin(
        "user", "add", "wu", "--display-name", "吴", "--password-stdin", home=tmp_path, stdin="no\n"
    )
    assert short.returncode == 2
    assert fangxin("user", "totp-off", "li", home=tmp_path).returncode == 0
    assert fangxin("user", "totp-off", "nobody", home=tmp_path).returncode == 2


def test_the_knowledge_that_ships_has_no_problems(tmp_path):
    done = fangxin("policy", "check", home=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    done = fangxin("policy", "check", "--json", home=tmp_path)
    assert (done.returncode, json.loads(done.stdout)) == (0, {"problems": []})


def test_a_fact_is_set_listed_exported_and_taken_back(tmp_path):
    home, out = tmp_path / "home", tmp_path / "out"
    assert fangxin("prepare", home=home).returncode == 0
    words = ["prepayment.full_notice", "15", "--from", "2026-12-01", "--author", "王主管", "--source", "通知"]
    done = fangxin("policy", "set", *words, "--json", home=home)
    assert done.returncode == 0
    (change,) = json.loads(done.stdout)["changes"]
    assert (change["name"], change["author"], change["value"]) == ("p1", "王主管", "15")
    assert (
        "p1  prepayment.full_notice = 15 (CN)  2026-12-01" in fangxin("policy", "history", home=home).stdout
    )
    done = fangxin("knowledge", "export", str(out), "--json", home=home)
    assert json.loads(done.stdout) == {"written": ["prepayment.full_notice"], "waiting": []}
    done = fangxin("knowledge", "import", str(out), "--author", "李", "--json", home=home)
    assert (done.returncode, json.loads(done.stdout)) == (0, {"changes": []})
    done = fangxin("policy", "take-back", "p1", "--author", "李", "--json", home=home)
    assert json.loads(done.stdout)["changes"][0]["taken_back_by"] == "李"
    assert fangxin("policy", "take-back", "p1", "--author", "李", home=home).returncode == 2


def test_an_answer_is_looked_at_set_listed_and_taken_back(tmp_path):
    home, file = tmp_path / "home", tmp_path / "welcome.md"
    assert fangxin("prepare", home=home).returncode == 0
    old = fangxin("knowledge", "show", "thanks/welcome", home=home).stdout
    text = re.sub(r"english: >-\n(?:  .*\n)+", "", old).replace("不客气", "别客气")
    assert "english" in old
    assert "english" not in text
    file.write_text(text, "utf-8")
    words = ["knowledge", "set-answer", str(file), "--author", "王主管"]
    told = json.loads(fangxin(*words, "--dry-run", "--json", home=home).stdout)
    assert set(told["channels"]) == {"web", "wechat", "telegram", "console"}
    assert told["channels"]["wechat"][0]["text"].startswith("别客气")
    assert told["english"]
    assert json.loads(fangxin("knowledge", "history", "--json", home=home).stdout) == {"changes": []}
    done = fangxin(*words, "--from", "2026-12-01", "--json", home=home)
    (change,) = json.loads(done.stdout)["changes"]
    assert (change["name"], change["answer"], change["author"]) == ("a1", "thanks/welcome", "王主管")
    assert "english: >-" in change["text"]
    assert "a1  thanks/welcome" in fangxin("knowledge", "history", "thanks/welcome", home=home).stdout
    assert fangxin("knowledge", "show", "thanks/welcome", home=home).stdout == old  # its day has not come
    assert fangxin("knowledge", "take-back", "a1", "--author", "李", home=home).returncode == 0


def test_an_answer_that_cannot_be_is_refused_by_the_step_that_found_it(tmp_path):
    home, file = tmp_path / "home", tmp_path / "welcome.md"
    assert fangxin("prepare", home=home).returncode == 0
    old = fangxin("knowledge", "show", "thanks/welcome", home=home).stdout
    for text, name, said in [
        (old.replace("title:", "titel:"), "thanks/welcome", "第一步没过"),
        (old.replace("不客气", "收3%"), "thanks/welcome", "第一步没过"),
        (old.replace("不客气", '{{ policy("no.such") }}'), "thanks/welcome", "第二步没过"),
        (old.replace("default: true\n", ""), "thanks/welcome", "第二步没过"),
        (old, "thanks/welcom", "--new"),
    ]:
        file.write_text(text, "utf-8")
        for more in ([], ["--dry-run"]):
            words = ["knowledge", "set-answer", str(file), "--answer", name, "--author", "王", *more]
            done = fangxin(*words, home=home)
            assert (done.returncode, done.stdout) == (2, ""), text
            assert said in done.stderr
            assert "Traceback" not in done.stderr
    assert json.loads(fangxin("knowledge", "history", "--json", home=home).stdout) == {"changes": []}
    assert fangxin("knowledge", "show", "thanks/none", home=home).returncode == 2


def test_a_refused_edit_says_why_and_ends_with_two(tmp_path):
    home, out = tmp_path / "home", tmp_path / "out"
    assert fangxin("prepare", home=home).returncode == 0
    known = ["--from", "2026-12-01", "--author", "王", "--source", "通知"]
    for words, said in [
        (["prepayment.full_notice", "ten", *known], "not a number"),
        (["no.such", "10", *known], "no.such"),
        (["prepayment.full_notice", "10", *known, "--status", "Z"], "A / B / U / bank"),
    ]:
        done = fangxin("policy", "set", *words, home=home)
        assert done.returncode == 2, words
        assert said in done.stderr
        assert "Traceback" not in done.stderr
    fangxin("knowledge", "export", str(out), home=home)
    lpr = out / "policy" / "lpr.yml"
    lpr.write_text(lpr.read_text("utf-8").replace('value: "4.25"', "value: 4.25"), "utf-8")
    done = fangxin("knowledge", "import", str(out), "--author", "李", home=home)
    assert done.returncode == 2
    assert "policy/lpr.yml:4: lpr.one_year" in done.stderr
    assert json.loads(fangxin("policy", "history", "--json", home=home).stdout) == {"changes": []}


def test_without_a_database_an_edit_says_so_and_ends_with_three(tmp_path):
    done = fangxin("policy", "history", home=tmp_path / "nowhere")
    assert done.returncode == 3
    assert "fangxin prepare" in done.stderr


def test_knowledge_past_its_review_is_a_problem_and_ends_with_one(tmp_path):
    done = fangxin("policy", "check", "--json", home=tmp_path, now="2027-07-01T10:00:00+08:00")
    assert done.returncode == 1
    due = json.loads(done.stdout)["problems"]
    assert {"where": "lpr.over_5y (CN)", "message": "was to be looked up again by 2026-12-21"} in due


def test_nothing_unanswered_is_said_without_the_model(tmp_path):
    assert fangxin("prepare", home=tmp_path).returncode == 0
    done = fangxin("unanswered", "--json", home=tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout) == {"since_days": 30, "clusters": []}
    assert "nothing was left unanswered" in fangxin("unanswered", "--since", "7", home=tmp_path).stdout


def test_without_a_database_it_says_so_and_ends_with_one(tmp_path):
    done = fangxin("unanswered", home=tmp_path / "nowhere")
    assert done.returncode == 1
    assert "fangxin prepare" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_cluster_that_was_not_listed_is_not_taught(tmp_path):
    done = fangxin("teach", "abcdef", "--intent", "overdue", home=tmp_path)
    assert done.returncode == 2
    assert "fangxin unanswered" in done.stderr


COMMANDS = [
    "serve",
    "chat",
    "ask",
    "calc",
    "eval",
    "policy",
    "knowledge",
    "calibrate",
    "user",
    "unanswered",
    "teach",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_both_languages(tmp_path, command):
    said = fangxin(command, "--help", home=tmp_path).stdout
    assert any("\u4e00" <= char <= "\u9fff" for char in said)
    assert "Usage" in said
