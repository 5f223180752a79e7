"""The questions of a needs diagnosis: facts, risk and feeling, and what only some groups of customers are asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.calculations.fields import AGE, INCOME, PRICE, SAVINGS
from actions.calculations.guidance import SEGMENT, SEGMENT_FIELD, SKIP_WORDS, is_one_of, pick
from actions.calculations.model import Choice, Field, Need, never
from actions.calculations.planned import OTHER_DEBTS, PLANNED_RATE
from actions.calculations.rules import Refusal, Rules
from bot.knowledge.errors import PolicyError

NAME = "needs"

FAMILY = pick(
    NAME,
    "family",
    {
        "single": "单身|一个人|未婚|自己",
        "couple": "两口|夫妻|两个人|已婚|结婚",
        "children": "孩子|小孩|娃|二胎|怀孕",
        "elders": "老人|父母|爸妈|三代",
    },
    may_be_skipped=True,
)
JOB = pick(
    NAME,
    "job",
    {
        "stable": "^稳定|很稳定|比较稳|挺稳|编制|公务员|事业单位|国企|教师|医生|还行",
        "varies": "提成|个体|自由职业|有高有低|不固定|生意|不稳|不太稳|淡季",
        "changing": "换工作|跳槽|试用期|创业|辞职|可能变|退休",
    },
    may_be_skipped=True,
)
PLANS = pick(
    NAME,
    "plans",
    {
        "stay": "长住|长期|一直住|不换|自住",
        "sell": "换房|(?<!不)(?<!不打算)卖|几年后|置换",
        "prepay": "提前还|多还|尽快还",
    },
    may_be_skipped=True,
)
RISE = pick(
    NAME,
    "rise_felt",
    {
        "fine": "没问题|(?<!不)能承受|(?<!不)可以|不怕|没事",
        "tight": "有点|紧一点|勉强|紧张|还行",
        "no": "受不了|不行|承受不|不能|吃不消|扛不住|怕",
    },
    may_be_skipped=True,
    asking=lambda rules, values: {"rise": rules.fact("guidance.rate_rise").fraction},
)
RESERVE = pick(
    NAME,
    "reserve",
    {
        "long": "半年以上|一年|(?<!不)够的|很多",
        "some": "几个月|两三个月|三个月|有一点",
        "none": "没有|没留|^没|不够|月光",
    },
    may_be_skipped=True,
    asking=lambda rules, values: {"fall": rules.fact("guidance.income_fall").fraction},
)
WHY = pick(
    NAME,
    "why",
    {
        "home": "安家|结婚|有个家|稳定下来|归属|自己的(?:房|家)|安稳|不想(?:再)?租",
        "school": "上学|学区|学校|读书",
        "better": "改善|大一点|换大|环境",
        "near": "近|上班|通勤|父母",
    },
    may_be_skipped=True,
)
WORRY = pick(
    NAME,
    "worry",
    {
        "income": "失业|收入|工作|丢",
        "rate": "利率|涨息",
        "interest": "利息(?:太)?多|亏|总利息|不划算",
        "tight": "月供|压力|紧|不敢花|生活|日子",
        "none": "没什么|不担心|没有",
    },
    may_be_skipped=True,
)
#: What the fund would lend; asked, and a button says that there is none.
FUND = Field(
    "fund_principal",
    "amount",
    re.compile("公积金"),
    only_with_cue=True,
    is_needed=lambda values: not values.raw("has_no_fund"),
    choices=lambda rules, values, say: (Choice(say(f"{NAME}.no_fund_button"), {"has_no_fund": True}),),
    answers=((re.compile("^(?:没有?|没缴|没交|不用|无|不知道|不清楚)"), {"has_no_fund": True}),),
)
NO_FUND = Field("has_no_fund", "has_no_fund", is_needed=never)
#: Somebody who would rather not say what they earn still gets plans, and what income each needs.
TOLD_INCOME = INCOME.but(
    is_needed=lambda values: not values.raw("income_untold"),
    choices=lambda rules, values, say: (Choice(say(f"{NAME}.untold_button"), {"income_untold": True}),),
    answers=((re.compile(SKIP_WORDS), {"income_untold": True}),),
)
INCOME_UNTOLD = Field("income_untold", "income_untold", is_needed=never)

#: An upgrader: which house is dealt with first, and what the old one costs while there are two.
SWAP = pick(
    NAME,
    "swap",
    {
        "sell_first": "先卖|卖了再|已经卖|在卖|挂出去",
        "buy_first": "先买|买了再|两套|不急着卖",
        "unsure": "没想好|不知道|不一定|还没定|看情况",
    },
    is_needed=is_one_of(SEGMENT, "upgrader"),
)
OLD_PAYMENT = Field(
    "old_payment",
    "amount",
    re.compile("旧房|老房|原来那套|现在这套"),
    only_with_cue=True,
    asked_as="income_monthly",  # a bare 3000 is yuan of a month, not 3000万
    is_needed=lambda values: (
        values.raw("swap") in ("buy_first", "unsure") and not values.raw("has_no_old_payment")
    ),
    choices=lambda rules, values, say: (
        Choice(say(f"{NAME}.no_old_payment_button"), {"has_no_old_payment": True}),
    ),
    answers=((re.compile("^(?:没有?(?:贷|月供)?|还清|早还完|不用|已经还)"), {"has_no_old_payment": True}),),
)
NO_OLD_PAYMENT = Field("has_no_old_payment", "has_no_old_payment", is_needed=never)
#: Income without an employer: how much of it can be shown on paper.
RECORDS = pick(
    NAME,
    "records",
    {
        "all": "都能|全部|全都|对得上|基本都",
        "part": "一部分|一半|大半|有些|不全",
        "little": "很少|看不出|现金|没有|没报|说不清",
    },
    is_needed=is_one_of(SEGMENT, "new_citizen", "self_employed"),
)
#: A buyer from abroad: whether the usual condition of residence is met.
RESIDENCE = pick(
    NAME,
    "residence",
    {
        "enough": "(?<!没)(?<!不)(?<!没有)满|超过|(?<!不)够|好几年|多年|一直|是的?$",
        "short": "不到|没满|没有|刚来|还没|不够",
        "unsure": "不确定|不清楚|说不准",
    },
    is_needed=is_one_of(SEGMENT, "foreigner"),
    asking=lambda rules, values: {"years": rules.fact("eligibility.foreigner_residence_years").text},
)


def _too_old(rules: Rules, value: object) -> Refusal | None:
    """Said at once, not after all the other questions."""
    try:
        limit = rules.fact("term.age_plus_term_max").number
        least = rules.fact("term.bank_min_years").number
    except PolicyError:
        return None  # the work itself then says that a fact is missing
    if int(str(value)) <= limit - least:
        return None
    return Refusal(f"{NAME}.too_old", {"limit": limit, "least": least})


def _while_open(is_needed: Need) -> Need:
    """Nothing more is asked of somebody whose down payment settles the matter."""
    return lambda values: not values.raw("is_settled") and is_needed(values)


#: 「首付改成220万」 speaks of the money that is there, not of the house's price.
OWN_MONEY = SAVINGS.but(cue=re.compile("首付|存款|手里|手头|手上|自有|积蓄|攒|凑|有"))

QUESTIONS: Sequence[Field] = (
    PRICE,
    SWAP,
    OWN_MONEY,
    *(
        each.but(is_needed=_while_open(each.is_needed))
        for each in (
            TOLD_INCOME,
            RECORDS,
            RESIDENCE,
            AGE.but(judge=_too_old),
            FUND,
            FAMILY,
            JOB,
            PLANS,
            OLD_PAYMENT,
            RISE,
            RESERVE,
            WHY,
            WORRY,
        )
    ),
    OTHER_DEBTS,
    PLANNED_RATE,
    NO_FUND,
    INCOME_UNTOLD,
    NO_OLD_PAYMENT,
    SEGMENT_FIELD,
)
