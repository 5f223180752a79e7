"""Dated facts: the right one for the day, and files that contradict themselves are refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.knowledge import PolicyBook
from bot.knowledge.errors import NoFactForDay, PolicyInvalid, UnknownFact, WrongShape

TODAY = date(2026, 11, 22)


def a_fact(values: str, unit: str = "pct", more: str = "") -> str:
    return f"- key: a.fact\n  title: 事实\n  unit: {unit}\n  source: 出处\n  status: B\n{more}  values:\n{values}"


def book(values: str, unit: str = "pct", more: str = "") -> PolicyBook:
    return PolicyBook.from_texts({"a.yml": a_fact(values, unit, more)})


def problems(values: str, unit: str = "pct", more: str = "") -> str:
    return "\n".join(str(problem) for problem in book(values, unit, more).check())


def test_the_shipped_facts_hold_together(policy: PolicyBook) -> None:
    assert policy.check() == ()


@pytest.mark.parametrize(
    ("day", "five_years", "one_year"),
    [
        (date(2019, 8, 20), "4.85", "4.25"),
        (date(2022, 8, 21), "4.45", "3.70"),
        (date(2022, 8, 22), "4.30", "3.65"),
        (date(2023, 8, 21), "4.20", "3.45"),
        (date(2024, 2, 19), "4.20", "3.45"),
        (date(2024, 2, 20), "3.95", "3.45"),
        (date(2024, 10, 20), "3.85", "3.35"),
        (date(2024, 10, 21), "3.60", "3.10"),
        (date(2025, 5, 20), "3.50", "3.00"),
        (TODAY, "3.50", "3.00"),
    ],
)
def test_a_quote_holds_from_its_day_to_the_day_before_the_next(
    policy: PolicyBook, day: date, five_years: str, one_year: str
) -> None:
    assert policy.fact("lpr.over_5y", day).number == Decimal(five_years)
    assert policy.fact("lpr.one_year", day).number == Decimal(one_year)


def test_the_last_quote_says_when_it_was_looked_up(policy: PolicyBook) -> None:
    quote = policy.fact("lpr.over_5y", TODAY)
    assert (quote.effective_from, quote.verified_on) == (date(2025, 5, 20), date(2026, 9, 20))


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [("term.max_years", "30", "40"), ("ratio.all_debts", "55", "60"), ("ratio.housing", "50", "50")],
)
def test_the_rules_of_august_2026_change_on_their_day(
    policy: PolicyBook, key: str, before: str, after: str
) -> None:
    assert policy.fact(key, date(2026, 8, 27)).number == Decimal(before)
    assert policy.fact(key, date(2026, 8, 28)).number == Decimal(after)


def test_a_region_goes_before_the_nation_and_falls_back_to_it(policy: PolicyBook) -> None:
    key = "down_payment.commercial_second_min"
    assert policy.fact(key, TODAY).text == "15%"
    assert policy.fact(key, TODAY, region="上海").text == "25%"
    assert policy.fact(key, TODAY, region="天津").text == "15%"


def test_a_programme_that_ended_has_no_fact(policy: PolicyBook) -> None:
    assert policy.fact("subsidy.rate", date(2027, 9, 30)).text == "1%"
    with pytest.raises(NoFactForDay):
        policy.fact("subsidy.rate", date(2027, 10, 1))
    with pytest.raises(NoFactForDay):
        policy.fact("subsidy.rate", date(2026, 9, 30))


def test_an_unknown_key_is_an_error(policy: PolicyBook) -> None:
    with pytest.raises(UnknownFact):
        policy.fact("lpr.ten_years", TODAY)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("lpr.over_5y", "3.50%"),
        ("approval.document_check", "1–2 个工作日"),
        ("approval.notice", "1个工作日"),
        ("prepayment.partial_min", "1万元"),
        ("tax.interest_deduction_monthly", "1000元"),
        ("subsidy.max_price", "150万元"),
        ("calculation.principal_max", "1亿元"),
        ("pricing.repricing_months", "3、6、12 个月"),
        ("pricing.first_home_spread", "减45个基点"),
        ("repayment_day.allowed", "1号–28号"),
        ("service.hours_weekdays", "08:30–12:00、13:30–20:00"),
        ("service.hours_sunday", "无"),
        ("provident_fund.existing_loans_move_on", "1月1日"),
        ("credit.one_off_repair_until", "2026年3月31日"),
        ("eligibility.min_age", "18周岁"),
        ("overdue.uplift_national", "30%–50%"),
    ],
)
def test_a_fact_reads_as_a_customer_expects(policy: PolicyBook, key: str, text: str) -> None:
    assert policy.fact(key, TODAY).text == text


def test_a_percentage_is_a_fraction_inside(policy: PolicyBook) -> None:
    assert policy.fact("lpr.over_5y", TODAY).fraction == Decimal("0.035")
    assert policy.fact("pricing.first_home_spread", TODAY).fraction == Decimal("-0.0045")
    assert policy.fact("approval.approval", TODAY).low == 3
    assert policy.fact("approval.approval", TODAY).high == 7
    assert policy.fact("identity.lock_minutes", TODAY).numbers == (15, 60, 1440)


def test_a_fact_read_as_something_else_is_an_error(policy: PolicyBook) -> None:
    for read in (
        lambda: policy.fact("approval.approval", TODAY).number,
        lambda: policy.fact("service.phone", TODAY).number,
        lambda: policy.fact("identity.lock_minutes", TODAY).low,
        lambda: policy.fact("term.max_years", TODAY).fraction,
        lambda: policy.fact("tax.deed_first_large", TODAY).whole,
    ):
        with pytest.raises(WrongShape):
            read()


def test_the_banks_own_facts_are_marked(policy: PolicyBook) -> None:
    for fact in policy.on(TODAY):
        assert fact.bank_configurable is (fact.status.value == "bank"), fact.key


@pytest.mark.parametrize(
    ("values", "unit", "more", "complaint"),
    [
        (
            '    - {value: "1", effective_from: 2026-01-01}\n    - {value: "2", effective_from: 2026-01-01}\n',
            "pct",
            "",
            "overlap",
        ),
        (
            '    - {value: "1", effective_from: 2026-01-01, effective_to: 2026-03-01}\n'
            '    - {value: "2", effective_from: 2026-03-01}\n',
            "pct",
            "",
            "overlap",
        ),
        (
            '    - {value: "1", effective_from: 2026-01-01, effective_to: 2026-02-01}\n'
            '    - {value: "2", effective_from: 2026-03-01}\n',
            "pct",
            "",
            "no value after 2026-02-01",
        ),
        ('    - {value: "1", effective_from: 2026-01-01}\n', "percent", "", "unknown unit"),
        (
            '    - {value: "1", effective_from: 2026-01-01}\n',
            "pct",
            "  colour: red\n",
            "unknown field colour",
        ),
        ('    - {value: "1", effective_from: 2026-01-01, from: x}\n', "pct", "", "unknown field from"),
        ('    - {value: "1", effective_from: 2026-01-01, status: Z}\n', "pct", "", "unknown status"),
        ('    - {value: "1"}\n', "pct", "", "effective_from must be a date"),
        ('    - {value: "1", effective_from: 2026-05-01, effective_to: 2026-01-01}\n', "pct", "", "before"),
        ("    - {value: 3.5, effective_from: 2026-01-01}\n", "pct", "", "in quotes"),
        ('    - {value: "abc", effective_from: 2026-01-01}\n', "pct", "", "not a number"),
        ('    - {value: "NaN", effective_from: 2026-01-01}\n', "pct", "", "not a number"),
        ('    - {value: "-1", effective_from: 2026-01-01}\n', "pct", "", "below zero"),
        ("    - {effective_from: 2026-01-01}\n", "pct", "", "missing"),
        ('    - {value: ["2", "1"], effective_from: 2026-01-01}\n', "pct", "  shape: range\n", "upside down"),
        ('    - {value: "2", effective_from: 2026-01-01}\n', "pct", "  shape: range\n", "in brackets"),
        ('    - {value: "8-12", effective_from: 2026-01-01}\n', "time_span", "", "time span"),
        (
            '    - {value: "1", effective_from: 2026-01-01}\n',
            "pct",
            "  bank_configurable: true\n",
            "belong together",
        ),
        ('    - {value: "1", effective_from: 2026-01-01}\n', "pct", "  title: 又一个\n", "stands twice"),
    ],
)
def test_a_faulty_file_is_named_and_refused(values: str, unit: str, more: str, complaint: str) -> None:
    assert complaint in problems(values, unit, more)


def test_a_declared_gap_is_no_problem() -> None:
    values = (
        '    - {value: "1", effective_from: 2026-01-01, effective_to: 2026-02-01}\n'
        '    - {value: "2", effective_from: 2026-03-01}\n'
    )
    gappy = book(values, more="  gaps: true\n")
    assert gappy.check() == ()
    with pytest.raises(NoFactForDay):
        gappy.fact("a.fact", date(2026, 2, 15))


def test_a_key_in_two_files_is_refused() -> None:
    text = a_fact('    - {value: "1", effective_from: 2026-01-01}\n')
    found = PolicyBook.from_texts({"a.yml": text, "b.yml": text}).check()
    assert [str(problem) for problem in found] == ["b.yml: a.fact: the key already stands in a.yml"]


def test_loading_a_faulty_folder_says_everything_that_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        a_fact('    - {value: "x", effective_from: 2026-01-01}\n'), encoding="utf-8"
    )
    (tmp_path / "b.yml").write_text("- title: 没有键\n", encoding="utf-8")
    with pytest.raises(PolicyInvalid) as refused:
        PolicyBook.load(tmp_path)
    assert len(refused.value.problems) == 2


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyInvalid):
        PolicyBook.load(tmp_path)
