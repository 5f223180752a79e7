"""The entities of whole sentences, against literal values."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.insight.entity_evaluation import evaluate_entities, read_labelled_messages
from bot.nlu.asides import ASIDES
from bot.nlu.entities import day_of, extract_from, to_wire

TODAY = date(2026, 11, 22)  # a Sunday
LABELS = Path(__file__).with_name("entities.yml")
LOWEST_F1 = 0.97


def found(text: str, slot: str | None = None) -> list[tuple[Any, ...]]:
    return [
        (entity.type, entity.value, *([entity.role] if entity.role else []))
        for entity in extract_from(text, TODAY, slot)
        if entity.type not in ASIDES
    ]


CASES: list[tuple[str, list[tuple[Any, ...]]]] = [
    # amounts
    ("一百二十万", [("amount", 1200000)]),
    ("贷款120万", [("amount", 1200000)]),
    ("120w", [("amount", 1200000)]),
    ("120W", [("amount", 1200000)]),
    ("1.2百万", [("amount", 1200000)]),
    ("壹佰贰拾万圆", [("amount", 1200000)]),
    ("一百二十来万", [("amount", 1200000)]),
    ("100万出头", [("amount", 1000000)]),
    ("大概80万左右", [("amount", 800000)]),
    ("八十到一百万", [("amount", [800000, 1000000])]),
    ("80-100万", [("amount", [800000, 1000000])]),
    ("80万到100万之间", [("amount", [800000, 1000000])]),
    ("七八十万", [("amount", [700000, 800000])]),
    ("贷100个", [("amount", 1000000)]),
    ("想提前还20个", [("amount", 200000)]),
    ("贷款120", [("amount", 1200000)]),
    ("贷款1200000", [("amount", 1200000)]),
    ("我要贷１２０万", [("amount", 1200000)]),
    ("貸款一百萬", [("amount", 1000000)]),
    ("月供5000", [("amount", 5000)]),
    ("提前还5万块", [("amount", 50000)]),
    ("总价三百五十六万七千八百", [("amount", 3567800)]),
    ("总价两百六", [("amount", 2600000)]),
    ("¥1,200,000", [("amount", 1200000)]),
    ("1,200,000.00元", [("amount", 1200000)]),
    ("贷款-50万", [("amount", -500000)]),
    ("总价300万，首付90万", [("amount", 3000000), ("amount", 900000)]),
    # incomes
    ("月入两万五", [("income_monthly", 25000)]),
    ("税前年薪30w", [("income_annual", 300000)]),
    ("两口子一个月3万2", [("income_monthly", 32000)]),
    ("月薪8000能贷多少", [("income_monthly", 8000)]),
    ("工资1万到1万5", [("income_monthly", [10000, 15000])]),
    ("我一个月还5000块", [("amount", 5000)]),
    ("年收入20万", [("income_annual", 200000)]),
    ("贷210万25年收入要多少", [("amount", 2100000), ("term_months", 300)]),
    ("有车贷3000", [("amount", 3000)]),
    ("还有网贷每月2500", [("amount", 2500)]),
    # rates
    ("3.5%", [("rate", "0.035")]),
    ("三点五", [("rate", "0.035")]),
    ("百分之三点八五", [("rate", "0.0385")]),
    ("3.5个点", [("rate", "0.035")]),
    ("年息3厘5", [("rate", "0.035")]),
    ("月息5厘", [("rate", "0.06")]),
    ("利率3.50%", [("rate", "0.035")]),
    ("利率3.5", [("rate", "0.035")]),
    ("30年利率3.5", [("term_months", 360), ("rate", "0.035")]),
    ("年利率4", [("rate", "0.04")]),
    ("利率350", [("rate", "3.5")]),
    ("利率四点一", [("rate", "0.041")]),
    ("利率-3%", [("rate", "-0.03")]),
    ("利率从4.1降到3.2", [("rate", "0.041", "from"), ("rate", "0.032", "to")]),
    ("利率降到3.2呢", [("rate", "0.032")]),
    # spreads
    ("LPR减30个基点", [("rate_spread_bp", -30)]),
    ("LPR-30BP", [("rate_spread_bp", -30)]),
    ("加50个基点", [("rate_spread_bp", 50)]),
    ("LPR加0.55%", [("rate_spread_bp", 55)]),
    ("LPR+30bp", [("rate_spread_bp", 30)]),
    ("LPR减20", [("rate_spread_bp", -20)]),
    ("lpr加0.55", [("rate_spread_bp", 55)]),
    ("在LPR基础上加55个点", [("rate_spread_bp", 55)]),
    # terms
    ("30年", [("term_months", 360)]),
    ("三十年", [("term_months", 360)]),
    ("360期", [("term_months", 360)]),
    ("25年半", [("term_months", 306)]),
    ("还剩18年零3个月", [("term_months", 219)]),
    ("30年一个月还多少", [("term_months", 360)]),
    ("90万30年一个月能少还多少", [("amount", 900000), ("term_months", 360)]),
    ("组合贷一个月要还多少", [("product", "combined")]),
    ("20年零1个月", [("term_months", 241)]),
    ("贷240个月", [("term_months", 240)]),
    ("期限0年", [("term_months", 0)]),
    ("贷500年", [("term_months", 6000)]),
    ("期限-5年", [("term_months", -60)]),
    ("我已经还了5年", []),
    ("贷款批了3个月还没放款", []),
    ("还了3年了，还剩17年", [("term_months", 204)]),
    ("5年期以上LPR是多少", []),
    ("一年内提前还款有违约金吗", []),
    ("满一年可以提前还款吗", []),
    ("2019年买的房", []),
    ("2019年贷的款", []),
    ("贷120万，30年，利率3.5%，等额本息，月供多少",
     [("amount", 1200000), ("term_months", 360), ("rate", "0.035"), ("method", "equal_instalment")]),
    ("一百二十万三十年", [("amount", 1200000), ("term_months", 360)]),
    ("120万30年3.5", [("amount", 1200000), ("term_months", 360), ("rate", "0.035")]),
    # days and dates
    ("每月15号", [("day_of_month", 15)]),
    ("十五日", [("day_of_month", 15)]),
    ("月底扣款", [("day_of_month", 31)]),
    ("改到每月20号", [("day_of_month", 20)]),
    ("从15号改到20号", [("day_of_month", 15, "from"), ("day_of_month", 20, "to")]),
    ("下个月8号", [("date", "2026-12-08")]),
    ("后天", [("date", "2026-11-24")]),
    ("大后天", [("date", "2026-11-25")]),
    ("明年3月1号", [("date", "2027-03-01")]),
    ("3月1号", [("date", "2027-03-01")]),
    ("3月1号放的款", [("date", "2026-03-01")]),
    ("2026-12-05", [("date", "2026-12-05")]),
    ("2026年12月5日", [("date", "2026-12-05")]),
    ("下周三", [("date", "2026-11-25")]),
    ("这个月底", [("date", "2026-11-30")]),
    ("15号线附近", []),
    # shares
    ("首付三成", [("ratio", "0.3")]),
    ("三成半", [("ratio", "0.35")]),
    ("贷七成", [("ratio", "0.7")]),
    ("首付30%", [("ratio", "0.3")]),
    ("首付百分之二十", [("ratio", "0.2")]),
    ("首付2成5", [("ratio", "0.25")]),
    ("申请成功了", []),
    ("能50%贷310w吗", [("ratio", "0.5"), ("amount", 3100000)]),
    # closed vocabularies
    ("等额本金和等额本息哪个好", [("method", "equal_principal"), ("method", "equal_instalment")]),
    ("先息后本", [("method", "interest_first")]),
    ("气球贷", [("method", "balloon")]),
    ("商贷和公积金", [("product", "commercial"), ("product", "provident_fund")]),
    ("組合貸", [("product", "combined")]),
    ("商转公要什么条件", [("product", "commercial", "from"), ("product", "provident_fund", "to")]),
    ("首套房", [("home_count", 1)]),
    ("二套", [("home_count", 2)]),
    ("first home", [("home_count", 1)]),
    # age, identifiers
    ("我58了", [("age", 58)]),
    ("五十八岁", [("age", 58)]),
    ("我今年45岁还能贷30年吗", [("age", 45), ("term_months", 360)]),
    ("FX2026110001", [("application_no", "FX2026110001")]),
    ("fx 2026 1100 01 到哪了", [("application_no", "FX2026110001")]),
    ("ＦＸ２０２６１１０００１", [("application_no", "FX2026110001")]),
    ("我电话138-0013-8000", [("phone", "13800138000")]),
    ("13800138000", [("phone", "13800138000")]),
    ("身份证后四位123x", [("id_last4", "123X")]),
    # changes and corrections
    ("从30年改成20年", [("term_months", 360, "from"), ("term_months", 240, "to")]),
    ("30年改20年", [("term_months", 360, "from"), ("term_months", 240, "to")]),
    ("不是30年是20年", [("term_months", 240)]),
    ("不是30年，是20年", [("term_months", 240)]),
    ("30年，打错了，20年", [("term_months", 240)]),
    ("120万 说错了 是100万", [("amount", 1000000)]),
    ("从30年改成20年月供多少", [("term_months", 360, "from"), ("term_months", 240, "to")]),
    ("改成20年", [("term_months", 240)]),
    ("那贷100万呢", [("amount", 1000000)]),
    ("换成等额本金呢", [("method", "equal_principal")]),
    ("等额本息改等额本金", [("method", "equal_instalment", "from"), ("method", "equal_principal", "to")]),
    # 「那一亿二千万呢」 is one sum; thirteen digits are still one
    ("那一亿二千万呢", [("amount", 120000000)]),
    ("贷款1000000000000", [("amount", 1000000000000)]),
    ("1 million, 30 years, equal instalment", [("amount", 1000000), ("term_months", 360), ("method", "equal_instalment")]),
    # four characters beside an application number need no name; a year beside it is none
    ("查进度 FX2026110002 后四位9999", [("application_no", "FX2026110002"), ("id_last4", "9999")]),
    ("FX2026110002 123x", [("application_no", "FX2026110002"), ("id_last4", "123X")]),
    ("FX2026110002是2025年办的", [("application_no", "FX2026110002")]),
    ("两种都看看", []),  # only where the method was asked for
    ("", []),
    ("😀😀😀", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_sentence_gives_these_entities(text: str, expected: list[tuple[Any, ...]]) -> None:
    assert found(text) == expected


ANSWERS: list[tuple[str, str, list[tuple[Any, ...]]]] = [
    ("principal", "120", [("amount", 1200000)]),
    ("principal", "1200000", [("amount", 1200000)]),
    ("principal", "一百二", [("amount", 1200000)]),
    ("principal", "大概 85.5 吧", [("amount", 855000)]),
    ("principal", "-50", [("amount", -500000)]),
    ("principal", "120万", [("amount", 1200000)]),
    ("annual_rate", "3.5", [("rate", "0.035")]),
    ("annual_rate", "三点一", [("rate", "0.031")]),
    ("annual_rate", "4", [("rate", "0.04")]),
    ("annual_rate", "0.035", [("rate", "0.035")]),
    ("annual_rate", "350", [("rate", "3.5")]),
    ("annual_rate", "0", [("rate", "0")]),
    ("term_months", "30", [("term_months", 360)]),
    ("term_months", "三十", [("term_months", 360)]),
    ("term_months", "360", [("term_months", 360)]),
    ("term_months", "0", [("term_months", 0)]),
    ("term_months", "1年", [("term_months", 12)]),
    ("term_months", "20年吧", [("term_months", 240)]),
    ("term_months", "不是30是20", [("term_months", 240)]),
    ("term_months", "帮我算一下", []),
    ("term_months", "到哪一步了", []),
    ("term_months", "第一次买房", [("home_count", 1)]),
    ("method", "两种都看看", [("method", "both")]),
    ("method", "都算一下", [("method", "both")]),
    ("method", "两种里选等额本金", [("method", "equal_principal")]),
    ("code", "123456", [("code", "123456")]),
    ("code", "贷款100000元", [("amount", 100000)]),
    ("code", "验证码是 123 456", [("code", "123456")]),
    ("id_last4", "123x", [("id_last4", "123X")]),
    ("id_last4", "后四位是１２３Ｘ", [("id_last4", "123X")]),
    ("application_no", "2026110001", [("application_no", "FX2026110001")]),
    ("application_no", "FX2026110001", [("application_no", "FX2026110001")]),
]


@pytest.mark.parametrize(("slot", "text", "expected"), ANSWERS)
def test_a_bare_answer_takes_its_type_from_the_question(
    slot: str, text: str, expected: list[tuple[Any, ...]]
) -> None:
    assert found(text, slot) == expected


def test_six_digits_are_a_code_only_where_a_code_was_asked_for() -> None:
    assert found("123456") == []


def test_entities_are_placed_in_the_words_as_typed() -> None:
    text = "貸  款１２０萬，三十年"
    wire = to_wire(extract_from(text, TODAY), text)
    assert [(item["type"], item["text"]) for item in wire] == [
        ("amount", "１２０萬"),
        ("term_months", "三十年"),
    ]
    assert all(text[item["start"] : item["end"]] == item["text"] for item in wire)


def test_the_day_is_told_in_china() -> None:
    assert day_of("2026-11-21T17:00:00Z") == date(2026, 11, 22)
    assert day_of("2026-11-22T09:00:00") == date(2026, 11, 22)


RULES: list[tuple[str, list[tuple[Any, ...]]]] = [
    # a sum without a unit
    ("先还两千行不行", [("amount", 2000)]),
    ("扣了6320", [("amount", 6320)]),
    ("评估费2000，律师费800", [("amount", 2000), ("amount", 800)]),
    ("公积金50，商贷100", [("product", "provident_fund"), ("amount", 500000), ("product", "commercial"), ("amount", 1000000)]),
    ("我手上有50个", [("amount", 500000)]),
    ("3个还是5个工作日", []),
    ("打95588没人接，还款怎么办", []),
    ("18号楼2单元1503，还款寄哪里", []),
    ("卡尾号8821扣款失败", []),
    ("2019买的，还款正常", []),
    ("loan 800k, 20 yrs", [("amount", 800000), ("term_months", 240)]),
    ("RMB 1,200,000", [("amount", 1200000)]),
    # numerals
    ("百来万的房子", [("amount", 1000000)]),
    ("千万别逾期", []),
    ("万把块钱", [("amount", 10000)]),
    ("贷一百三四十万", [("amount", [1300000, 1400000])]),
    ("月薪一万三四", [("income_monthly", [13000, 14000])]),
    ("三五十万", [("amount", [300000, 500000])]),
    ("36万一次性还掉", [("amount", 360000)]),
    ("200个w", [("amount", 2000000)]),
    ("一个亿", [("amount", 100000000)]),
    # typing
    ("廿年", [("term_months", 240)]),
    ("贷款卅年", [("term_months", 360)]),
    ("120wan贷30nian", [("amount", 1200000), ("term_months", 360)]),
    ("利率3。5%", [("rate", "0.035")]),
    ("贷 款 8 0 万", [("amount", 800000)]),
    # incomes
    ("我工资八千，老婆六千", [("income_monthly", 8000), ("income_monthly", 6000)]),
    ("一个月1万5，淡季七八千，跑货车的", [("income_monthly", 15000), ("income_monthly", [7000, 8000])]),
    ("小店一年净赚二十多万", [("income_annual", 200000)]),
    ("收入三十万", [("income_annual", 300000)]),
    ("税前45万一年", [("income_annual", 450000)]),
    ("my salary is 25k a month", [("income_monthly", 25000)]),
    ("奖金到手8万", [("amount", 80000)]),
    # rates, spreads, shares
    ("利率降0.25%", [("rate_spread_bp", -25)]),
    ("利率降到3.25%", [("rate", "0.0325")]),
    ("LPR minus 30 bps", [("rate_spread_bp", -30)]),
    ("LPR加80个基点，降到加30", [("rate_spread_bp", 80, "from"), ("rate_spread_bp", 30, "to")]),
    ("早上8点半到晚上5点", []),
    ("少一点行不", []),
    ("公积金2.6%", [("product", "provident_fund"), ("rate", "0.026")]),
    ("契税1.5%", [("ratio", "0.015")]),
    ("罚息按5.25%算", [("rate", "0.0525")]),
    ("0.05%一天", [("ratio", "0.0005")]),
    ("万分之五一天", [("ratio", "0.0005")]),
    # dates
    ("2026年3月买的", [("date", "2026-03")]),
    ("明年5月", [("date", "2027-05")]),
    ("11月30日之前能批吗", [("date", "2026-11-30")]),
    ("11月3号递的材料", [("date", "2026-11-03")]),
    ("submitted on Nov 3", [("date", "2026-11-03")]),
    ("pay on the 15th", [("day_of_month", 15)]),
    ("还款日15", [("day_of_month", 15)]),
    ("周日开门吗", []),
    ("我排了36号", []),
    # ages, terms, names
    ("我老公52我48", [("age", 52), ("age", 48)]),
    ("I'm 45 years old", [("age", 45)]),
    ("我85年的", []),
    ("贷了30年", [("term_months", 360)]),
    ("30年的房贷", [("term_months", 360)]),
    ("后四位是0429", [("id_last4", "0429")]),
    ("卡号后四位0429", []),
    ("provident fund loan", [("product", "provident_fund")]),
    ("首购族", [("home_count", 1)]),
    # changes and corrections
    ("贷90万不是80万", [("amount", 900000)]),
    ("85万，等等，是86万", [("amount", 860000)]),
    ("扣款日从每月8号挪到18号", [("day_of_month", 8, "from"), ("day_of_month", 18, "to")]),
    ("from the 5th to the 20th", [("day_of_month", 5, "from"), ("day_of_month", 20, "to")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), RULES)
def test_a_rule_of_the_language_is_read(text: str, expected: list[tuple[Any, ...]]) -> None:
    assert found(text) == expected


SHORT_ANSWERS: list[tuple[str, str, list[tuple[Any, ...]]]] = [
    ("principal", "100到120", [("amount", [1000000, 1200000])]),
    ("term_months", "12378", []),
    ("method", "本息", [("method", "equal_instalment")]),
    ("method", "本金那个", [("method", "equal_principal")]),
    ("product", "商业的", [("product", "commercial")]),
]


MORE_WAYS: list[tuple[str, list[tuple[Any, ...]]]] = [
    ("剩十一年零九个月", [("term_months", 141)]),
    ("我俩一年加起来四十来万", [("income_annual", 400000)]),
    ("期限 25 -> 20", [("term_months", 300, "from"), ("term_months", 240, "to")]),
    ("年限22", [("term_months", 264)]),
    ("先息后本一年期的", [("method", "interest_first"), ("term_months", 12)]),
    ("要是一年提前还五万", [("amount", 50000)]),
    ("not 20 years, 25 years", [("term_months", 300)]),
    ("十万八万的行不行", [("amount", [80000, 100000])]),
    ("贷款五十，还是六十", [("amount", 500000), ("amount", 600000)]),
    ("算算一百二，二十年", [("amount", 1200000), ("term_months", 240)]),
    ("预算300-350", [("amount", [3000000, 3500000])]),
    ("between 1.5 and 2 million", [("amount", [1500000, 2000000])]),
    ("还两千九百八十块五毛", [("amount", 2981)]),
    ("闺女和女婿两个人一个月一万四", [("income_monthly", 14000)]),
    ("annual income 300k", [("income_annual", 300000)]),
    ("比LPR少二十五个点", [("rate_spread_bp", -25)]),
    ("20 bp below LPR", [("rate_spread_bp", -20)]),
    ("上浮15个点签的合同", [("ratio", "0.15")]),
    ("基准利率打八五折", [("ratio", "0.85")]),
    ("日利率万2.5", [("ratio", "0.00025")]),
    ("是3.15不是3.51", [("rate", "0.0315")]),
    ("11.25扣款失败了", [("date", "2026-11-25")]),
    ("利率3.25扣款日怎么变", [("rate", "0.0325")]),
    ("25年3月放的款", [("date", "2025-03")]),
    ("signed on 3 March 2025", [("date", "2025-03-03")]),
    ("电话一三八零零一三八零零零", [("phone", "13800138000")]),
    ("身份证最后四个数3 3 1 7", [("id_last4", "3317")]),
    ("申请编号2026110052", [("application_no", "FX2026110052")]),
    ("两口子加起来一百一十岁了", []),
    ("我今年200岁", [("age", 200)]),
    ("网商贷怎么还", []),
    ("这楼是零二年盖的", []),
]


@pytest.mark.parametrize(("text", "expected"), MORE_WAYS)
def test_what_traders_and_office_workers_say(text: str, expected: list[tuple[Any, ...]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(("slot", "text", "expected"), SHORT_ANSWERS)
def test_a_short_answer_means_what_was_asked(slot: str, text: str, expected: list[tuple[Any, ...]]) -> None:
    assert found(text, slot) == expected


@pytest.mark.parametrize("name", ["first", "terse", "later", "last", "market", "online", "agent"])
def test_what_customers_type_is_read_as_they_mean_it(name: str) -> None:
    messages = [m for m in read_labelled_messages(LABELS) if m.set == name]
    read = [
        to_wire(
            [
                entity
                for entity in extract_from(m.text, day_of(m.now), m.requested_slot)
                if entity.type not in ASIDES
            ],
            m.text,
        )
        for m in messages
    ]
    report = evaluate_entities(messages, read)
    assert report["f1"] >= LOWEST_F1, report["mistakes"]
