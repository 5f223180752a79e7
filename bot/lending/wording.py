"""The Chinese words of the machine-readable face: names of fields, what is wrong with them, assumptions."""

from __future__ import annotations

FIELDS = {
    "principal": "贷款金额",
    "annual_rate_pct": "年利率",
    "term_months": "贷款期限（月）",
    "term_months_a": "第一个期限（月）",
    "term_months_b": "第二个期限（月）",
    "inputs": "计算条件",
    "kind": "计算种类",
}

PROBLEMS = {
    "missing": "请填写{name}。",
    "not_a_number": "{name}要写成普通的数字，例如 {example}。",
    "not_an_integer": "{name}要填整数，例如 {example}。",
    "out_of_range": "{name}要在 {low} 到 {high} 之间。",
    "not_positive": "{name}要大于 0，最高 {high}。",
    "too_precise": "{name}最多精确到小数点后 {places} 位。",
    "unknown_field": "不认识的条件“{name}”，请检查拼写。",
    "not_an_object": "计算条件要写成 JSON 对象。",
    "unknown_kind": "没有“{name}”这种计算。",
}

EXAMPLES = {"principal": "1000000", "annual_rate_pct": "3.5", "term_months": "360"}

ASSUMPTIONS = {
    "equal_instalment": "还款方式：等额本息，每月还款额相同，最后一期结清尾数。",
    "equal_principal": "还款方式：等额本金，每月本金相同，利息按剩余本金计算，最后一期结清尾数。",
    "rate": "年利率 {pct}% 全程不变，月利率=年利率÷12。",
    "rounding": "每月利息四舍五入到分。",
    "schedule_total": "总利息按逐期还款计划相加；按公式直接算会有几分到几角的出入。",
    "advance": "等额本金总利息较少，是因为前期还本金更多，并非白白省下。",
    "early_end": "金额很小，按分取整后提前还清，实际还款 {n} 期。",
}


def name_of(field: str) -> str:
    """The customer's word for a field."""
    return FIELDS.get(field, field)


def problem(code: str, field: str, **values: object) -> str:
    """What is wrong with ``field``, in a sentence."""
    return PROBLEMS[code].format(name=name_of(field), example=EXAMPLES.get(field, "1"), **values)


def assumption(key: str, **values: object) -> str:
    return ASSUMPTIONS[key].format(**values)
