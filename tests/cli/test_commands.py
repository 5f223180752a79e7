"""The command line as a person or a program uses it: what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT

FANGXIN = str(Path(sys.executable).parent / "fangxin")
LEVEL = {"principal": "1000000", "annual_rate_pct": "3.5", "term_months": 360}
NOBODY_LISTENS = "1"


def fangxin(*words: str, home: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    env = {
        **os.environ,
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


def test_the_knowledge_that_ships_has_no_problems(tmp_path):
    assert fangxin("policy", "check", home=tmp_path).stdout == ""


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


COMMANDS = ["serve", "chat", "ask", "calc", "eval", "policy", "calibrate", "user", "unanswered", "teach"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_both_languages(tmp_path, command):
    said = fangxin(command, "--help", home=tmp_path).stdout
    assert any("\u4e00" <= char <= "\u9fff" for char in said)
    assert "Usage" in said
