"""``make test`` runs every check, says what it left out, and fails when something failed."""

from __future__ import annotations

import sys

import pytest

from scripts import check as checks
from scripts.check import Report, check, left_out_marks


def test_a_failed_check_fails_the_whole_but_not_the_ones_after_it() -> None:
    report = Report()
    check(report, "first", [sys.executable, "-c", "raise SystemExit(3)"])
    check(report, "second", [sys.executable, "-c", "pass"])
    assert report.failed == ["first"]
    assert len(report.lines) == 2
    assert report.exit_code(in_ci=False) == 1


def test_leaving_something_out_is_a_failure_under_ci_only() -> None:
    report = Report(left_out=["browser tests"])
    assert report.exit_code(in_ci=False) == 0
    assert report.exit_code(in_ci=True) == 1


def test_pytests_own_summary_is_found_in_colour_too() -> None:
    line = "\x1b[32m======= \x1b[32m\x1b[1m3 passed\x1b[0m, \x1b[33m1 skipped\x1b[0m\x1b[32m in 0.10s\x1b[0m\x1b[32m =======\x1b[0m"
    assert check(Report(), "pytest", [sys.executable, "-c", f"print({line!r})"]) == line


def test_without_servers_their_tests_are_left_out_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "browser_is_there", lambda: True)
    monkeypatch.delenv("FANGXIN_TEST_DATABASE_URL", raising=False)
    monkeypatch.setenv("FANGXIN_TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
    report = Report()
    assert left_out_marks(report) == ["postgres"]
    assert "FANGXIN_TEST_DATABASE_URL" in report.left_out[0]


def test_without_a_browser_the_line_to_type_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "browser_is_there", lambda: False)
    report = Report()
    assert "browser" in left_out_marks(report)
    assert "apt-get install" in report.left_out[0]
