"""Files of the core on the command line: what goes in, what is named, and how it ends."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.servicing.model import id_check_digit
from bot.settings import ROOT
from bot.store.migrate import upgrade

FANGXIN = str(Path(sys.executable).parent / "fangxin")
SAMPLES = ROOT / "data" / "samples"


def id_number(number: int) -> str:
    body = f"99000019900307{number:03d}"
    return body + id_check_digit(body)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    upgrade(f"sqlite+aiosqlite:///{tmp_path / 'fangxin.db'}")
    return tmp_path


def fangxin(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {
        **os.environ,
        "FANGXIN_HOME": str(home),
        "FANGXIN_NOW": "2026-11-24T10:00:00+08:00",
        "FANGXIN_DATABASE_URL": "",
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run([FANGXIN, *words], capture_output=True, text=True, env=env, check=False)


def imported(home: Path, file: Path, *words: str) -> tuple[int, dict]:
    done = fangxin(home, "import", str(file), "--json", *words)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def counts(report: dict) -> list[int]:
    return [report[name] for name in ("accepted", "unchanged", "held", "rejected")]


def written(file: Path, header: list[str], *rows: list[str], encoding: str = "utf-8") -> Path:
    with file.open("w", encoding=encoding, newline="") as handle:
        csv.writer(handle).writerows([header, *rows])
    return file


CUSTOMER = ["客户号", "姓名", "手机号", "身份证号"]


@pytest.mark.timeout(900)  # a process for each file
def test_the_samples_go_in_whatever_their_order_and_only_once(home):
    held = [imported(home, SAMPLES / f"{name}.csv") for name in ("rates", "stages", "loans", "documents")]
    assert [code for code, _ in held] == [0] * 4
    assert all(report["held"] == report["lines"] > 0 for _, report in held)
    for name in ("applications", "customers", "repayments"):
        assert imported(home, SAMPLES / f"{name}.csv")[0] == 0
    for name in ("applications", "stages", "loans", "rates"):
        code, report = imported(home, SAMPLES / f"{name}.csv")
        assert (code, counts(report)) == (0, [0, report["lines"], 0, 0]), name


def test_a_broken_file_names_line_column_and_reason_while_good_rows_go_in(home, tmp_path):
    file = tmp_path / "坏文件.csv"
    file.write_text(
        "申请编号, 客户号*,贷款种类,贷款金额（元）,期限,申请日期,备注\r\n"
        'FX1,KH1,商贷,"1,200,000.00",30年,2026/11/3,好的一行\r\n'
        "\r\n"
        'FX2,KH1,商贷,一百万,360,2026-11-03,"备注里\r\n有换行"\r\n'
        "FX3,KH1,房贷,80万,360,2026-11-03,\r\n"
        "FX4,KH1,商贷,80万,999,11/3/2026,\r\n"
        ",KH1,商贷,80万,360,2026-11-03,\r\n"
        "FX6,KH1,商贷,100.005,360,2026-11-03,\r\n"
        "FX7,KH1,商贷,80万,360,2026-11-03,,多出来\r\n"
        "FX1,KH1,商贷,80万,360,2026-11-03,同一编号不同金额\r\n"
        "FX9,KH9,公积金,80万,360,20261103,客户还没到\r\n"
        "FX10,KH1,组合贷,８０万,240期,2026年11月3日,\r\n",
        encoding="gb18030",
        newline="",
    )
    people = written(tmp_path / "people.csv", CUSTOMER, ["KH1", "王示安", "10000000001", id_number(1)])
    assert imported(home, people)[0] == 0
    rejects = tmp_path / "rejects.csv"
    code, report = imported(home, file, "--rejects", str(rejects))
    assert (code, report["kind"], counts(report)) == (1, "applications", [2, 0, 1, 7])
    assert report["ignored_columns"] == ["备注"]
    assert [(one["line"], one["column"], one["code"]) for one in report["rejects"]] == [
        (4, "贷款金额(元)", "amount_cell"),
        (6, "贷款种类", "not_one_of"),
        (7, "申请日期", "ambiguous_date"),
        (8, "申请编号", "missing"),
        (9, "贷款金额(元)", "too_many_places"),
        (10, "", "too_many_cells"),
        (11, "told_at", "contradicts"),
    ]
    assert [one["line"] for one in report["waiting"]] == [12]
    with rejects.open(encoding="utf-8-sig") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["行"] for row in rows] == ["4", "6", "7", "8", "9", "10", "11"]
    assert all(row["原因"] for row in rows)


def test_a_rehearsal_says_the_same_and_changes_nothing(home, tmp_path):
    file = written(
        tmp_path / "p.csv",
        CUSTOMER,
        ["KH1", "王示安", "10000000001", id_number(1)],
        ["KH2", "李示宁", "1", id_number(2)],
    )
    for _ in range(2):
        code, report = imported(home, file, "--dry-run")
        assert (code, counts(report)) == (1, [1, 0, 0, 1])
    assert counts(imported(home, file)[1]) == [1, 0, 0, 1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_may_be_written_in_any_usual_encoding(home, tmp_path, encoding):
    file = written(
        tmp_path / "p.csv", CUSTOMER, ["KH1", "王示安", "10000000001", id_number(1)], encoding=encoding
    )
    assert counts(imported(home, file)[1]) == [1, 0, 0, 0]


def test_a_workbook_with_numbers_for_days_percentages_and_lost_zeros(home, tmp_path):
    book = Workbook()
    sheet = book.active
    header = "借据号 申请编号 本金 余额 执行利率 期限 还款方式 还款日 账号后四位 首次还款日 放款日期"
    sheet.append(header.split())
    sheet.append(
        ["DK1", "FX1", 1_200_000, 1_197_000.5, 0.0305, 360, "等额本息", 15, 42, 46371, datetime(2026, 11, 20)]  # noqa: DTZ001
    )
    sheet["E2"].number_format = "0.00%"
    sheet.append([])
    sheet.append(["DK2", "FX2", "壹百万", 0, 3.05, 360, "等额本息", 31, "42", "2026-12-15", None])
    file = tmp_path / "loans.xlsx"
    book.save(file)
    code, report = imported(home, file)
    assert (code, counts(report)) == (1, [0, 0, 1, 1])
    assert [(one["line"], one["column"], one["code"]) for one in report["rejects"]] == [
        (4, "本金", "amount_cell")
    ]


def test_a_workbook_that_turned_id_numbers_into_figures_is_told_so(home, tmp_path):
    book = Workbook()
    book.active.append(CUSTOMER)
    book.active.append(["KH1", "王示安", 10000000001, int(id_number(1)[:17] + "0")])
    file = tmp_path / "people.xlsx"
    book.save(file)
    code, report = imported(home, file)
    assert code == 1
    assert [(one["column"], one["code"]) for one in report["rejects"]] == [("身份证号", "lost_digits")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("binary.csv", bytes(range(256)) * 20),
        ("broken.xlsx", b"PK\x03\x04 and nothing else"),
        ("old.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 100),
        ("other.csv", "甲,乙\n1,2\n".encode()),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_two(home, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    done = fangxin(home, "import", str(tmp_path / name))
    assert done.returncode == 2
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_missing_columns_and_missing_files_are_named(home, tmp_path):
    file = written(tmp_path / "p.csv", ["客户号", "姓名"], ["KH1", "王示安"])
    done = fangxin(home, "import", str(file), "--kind", "customers")
    assert done.returncode == 2
    assert "手机号" in done.stderr
    assert fangxin(home, "import", str(tmp_path / "none.csv")).returncode == 2
    assert fangxin(home, "import", str(file), "--kind", "nothing").returncode == 2


def test_without_a_database_it_ends_with_three(tmp_path):
    file = written(tmp_path / "p.csv", CUSTOMER, ["KH1", "王示安", "10000000001", id_number(1)])
    done = fangxin(tmp_path / "elsewhere", "import", str(file))
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


def test_nothing_personal_is_printed(home, tmp_path):
    file = written(tmp_path / "p.csv", CUSTOMER, ["KH1", "王示安", "10000000001", "110101199003071234"])
    done = fangxin(home, "import", str(file))
    assert done.returncode == 1
    for secret in ("王示安", "10000000001", "110101199003071234"):
        assert secret not in done.stdout + done.stderr


def test_keys_are_made_listed_and_revoked(home):
    made = fangxin(home, "key", "add", "核心系统", "--scope", "stages", "--scope", "loans")
    assert made.returncode == 0
    key = made.stdout.strip()
    assert key.startswith("fxk_")
    assert fangxin(home, "key", "add", "核心系统").returncode == 2
    listed = fangxin(home, "key", "list", "--json").stdout
    assert json.loads(listed)[0]["scopes"] == ["loans", "stages"]
    assert key.rsplit("_", 1)[1] not in listed
    assert fangxin(home, "key", "revoke", "核心系统").returncode == 0
    assert fangxin(home, "key", "revoke", "核心系统").returncode == 1
    assert json.loads(fangxin(home, "key", "list", "--json").stdout)[0]["revoked_at"]
