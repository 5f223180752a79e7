"""Which sums are an income, and of a month or of a year."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.nlu.entity import PEOPLE, Sheet
from bot.nlu.numerals import read_number

_MONEY = ("amount", "income_monthly", "income_annual")
_FILL_INCOME = rf"(?:{PEOPLE}|两口子|夫妻|两?俩人|两个人|一个|刚好|不稳定|不固定|不一定|了|是|为|有|能|就|才|也|只|个|开|写|大概|大约|约|差不多|加起来|合起来|加一起|加一?块儿?|加埋|一起|总共|一共|合计|共|从|由|税前|税后|净|到手|一个月|每个?月|港币|港元|人民币|美元|rmb|[:：\s])*$"
_INCOME_MONTHLY = re.compile(
    r"(?:税前|税后|到手|退休金|退休工资|养老金|净赚|净挣|净落|落下|净利润?|纯利润?|净收入|收入证明|月净收入|月入|月薪|月收入|月工资|月均收入|工资|薪[水资]|人工|转正(?:后|以后)?|底薪|副业|兼职|外快|(?<![a-z])base|到手|每月收入|每个月收入|收入|工资卡?(?:每个?月)?[^,，。还供扣贷]{0,8}(?:到账|入账|进账|打卡|打(?:进来|过来)?|发)|收租|(?:房租|租金)(?:每个?月|一个月|月)?(?:能|可以)?收|(?:每个?月|一个月|月)(?:也|就|才|只|能|可以|大概|净|到手)*(?:挣|赚|拿|进账|收入|工资|到手|发|能[剩落余]))"
    + _FILL_INCOME
)
_INCOME_ANNUAL = re.compile(
    r"(?:年薪|年包|年总包|年收入|年入|年均收入|年终|(?:一年|每年|全年)(?:也|就|才|只|能|可以|大概|大约|差不多|净|纯)*(?:挣|赚|拿|收入|工资|到手|进账|[毛净纯]?利润?)|年[净纯毛]?利润?|税前年薪|总包|(?<![a-z])(?:package|(?:annual|yearly)\s+(?:household\s+)?(?:income|salary)(?:\s+(?:of|is|around|about))*))"
    + _FILL_INCOME
)
#: How much in good times and bad, once an income was told: 「旺季一个月一万五，淡季六七千」.
_AT_TIMES = re.compile(
    r"(?:[旺淡]季|平时|[好差忙闲多少]的?(?:时候|月份|季节|时|月|话)|生意[好差]|有时候?|最多|最少|运气好)(?:一个月|每个?月|能|也|就|才|只|有|大概|的|[\s])*$"
)
#: From here on an income whose period was not told is a year's, and so is one told after a year was named.
_YEARLY_YUAN = 100_000
_SAYS_MONTH = re.compile(r"月")
_SAYS_YEAR = re.compile(r"一年|每年|全年|年(?:收入|入|薪)")
#: Money that comes once, whatever hands it came through: 「奖金到手8万」.
_ONCE = re.compile(r"(?:奖金|年终|补偿|分红|赔)(?!.*(?:工资|薪|一年))")
_A_MONTH = re.compile(
    r"(?:一个月|每个?月|月)(?:大概|大约|约|税前|税后|加起来|合计|一共|共|差不多|也就|就|才|只有|能有|有|[\s])*$"
)
_A_YEAR = re.compile(r"(?:一年|每年)(?:大概|大约|约|税前|税后|加起来|合计|一共|共|能有|有|[\s])*$")
#: Somebody of the household right before 「一个月」 earns, unless a payment was named: 「我那口子在厂里一个月四千三」.
_SOMEBODY = re.compile(rf"(?:{PEOPLE}|两个人|两人|俩人?|各自|各|夫妻|两口子|家庭|全家)")
_MODESTLY = re.compile(r"也就|能有")
_SPENDS = re.compile(
    r"支援|资助|幼儿园|上学|读书|补习|保姆|还|供|扣|贷|租|花|开销|交|付|费|用|补|给|存|缴|省|少|多|涨|降"
)
_EARNERS = re.compile(
    r"开(?:个|了家?|家)?\S{0,2}[店馆铺]|两口子|夫妻|我俩|家庭|老公|老婆|老伴|工资|收入|薪|退休|跑(?:车|滴滴|货|外卖|运输)|网约车|滴滴|外卖|骑手|接单|摩的|快递|直播|零工|工地|保洁|保安|司机|销售|养殖|种地|货车|货运|代驾|打工|上班|开店|小店|店里|摆摊|生意|挣|赚|自由职业"
)
#: Whoever else earns, right before the sum, once an income was told: 「我工资八千，老婆那边才六千」.
_WHO = rf"(?:{PEOPLE}|我们|咱们?|老人|自己|客户|(?<![a-z])(?:husband|hubby|wife|spouse|partner|she|he|i)(?![a-z]))"
_FILL_WHO = r"(?:稍微|[多少高低好强]一?点|那边|这边|那头|家|的话|自己|本人|一个人|的|也|是|能|才|就|只有?|大概|大约|差不多|还有|可能|估计|预计|也许|每?个?月|一个月|工资|月薪|退休金|退休|有|挣|赚|拿|发|makes?|earns?|gets?|about|is|[:：\s])*"
_ALSO_EARNS = re.compile(_WHO + _FILL_WHO + "$")
#: The same income at another time, right behind it: 「十月份9870，九月份8650」, 「底薪四千，平均一万一」.
_ALSO_THEN = re.compile(
    r"(?:平均|下来|(?:加上?|连)?(?:提成|绩效|补贴|加班|奖金)|副业|兼职|另外|(?:\d+|[一二三四五六七八九十]+)月份?|[上这本]个?月|去年|今年|以前|原来|之前|现在|目前|后来)"
    + _FILL_WHO
    + "$"
)
#: Sums side by side are of one kind: 「八千和六千」, 「一个一万二一个七千」.
_BESIDE = re.compile(
    r"(?:块|元|多|[\s,，])*(?:[降涨跌升减掉变砍压缩]\S{0,2}?[到成]了?(?:只有)?|[、/+和跟与及加]|另?一个|(?<![a-z])(?:and|to)(?![a-z]))\s*"
)
#: Two people with a sum each and no other word: 「我8k老婆6k5」.
_AND_ANOTHER = re.compile(
    rf"\s*(?:块|元)?\s*[,，、]?\s*(?:{PEOPLE})(?:[也才就是有\s]|大概|退休金|工资|月薪|每?个?月|一个月)*(?=[\d一二两三四五六七八九十])"
)
_ONE_PERSON = re.compile(rf"(?:{PEOPLE})(?:[也才就是有\s]|大概)*$")
#: Somebody of the household at work, with nothing paid or owed: 「媳妇在超市上班三千二」.
_AT_WORK = re.compile(
    rf"(?:{PEOPLE}|自己|副业|兼职)(?:\S{{0,4}}?(?:在|做|当|开|跑|干|送|教|上班|打工|摆摊|退休)\S{{0,10}}|是\S{{2,8}})$"
)
_NOT_EARNED = re.compile(
    r"还|供|扣|贷|租|花|开销|交|付|费|用|补|给|存|缴|省|涨|降|欠|借|投|亏|买|卖|凑|攒|出|押|定|转|罚|税|价|差|余额|公积金|额度|流水|营业额|成本|住|楼|单元|号|室"
)
#: What a sum is of when its name stands behind it: no income.
_NAMED_BEHIND = re.compile(
    r"^\s*(?:块|元)?\s*(?:的|是)?\s*(?:首付|存款|积蓄|现金|[定订]金|外债|债|贷|房|车|月供|公积金|额度|还|信用卡)"
)
_SUM_ENDS = re.compile(
    r"\s*(?:多|块钱?|元)?\s*(?:左右|上下|吧|的样子|一个月|每个?月|$|[,，。.;；!！?？、\n\s])"
)
_SOON = 60  #: characters after an income within which another earner's needs no name
_LOWEST_PAY = 1000  #: yuan a month
_LOWEST_YEARLY_YUAN = 30_000
#: 「房租每月4500能算收入吗」 says it of a sum of any name.
_COUNTED_AS_INCOME = re.compile(r"(?:算|当|作为|计入|算进)(?:不算|做|作|成|是|为|进)?(?:我的|家庭|我)?收入")
#: What a sum by the month is paid into or by, whichever was named last.
_FUND_OR_PAY = re.compile(rf"(?P<fund>公积金)|工资|收入|薪|挣|赚|退休金|养老金|到手|净利|上班|跑|{PEOPLE}")
#: Said behind a sum in English, or of a yearly sum: 「25k a month」, 「税前45万一年」.
_BY_THE_MONTH = re.compile(
    r"^\s*(?:左右)?(?:/月|a month|per month|/month|/mo|monthly|each month|every month|一个月|每个?月)"
)
_BY_THE_YEAR = re.compile(r"^\s*(?:左右)?(?:/年|a year|per year|/year|p\.?a\.?|annually|yearly|一年|每年)")
_EARNS_BEFORE = re.compile(
    r"税前|税后|收入|工资|薪|挣|赚|(?<![a-z])(?:salary|income|earn|earns|earning|make|makes|making|wages?|paid|get|gets|take-?home)(?![a-z])"
)
_EARNS_IN_ENGLISH = re.compile(
    r"(?<![a-z])(?:salary|income|wages?|take-?home(?:\s+pay)?|(?:my|net|gross|base|monthly)\s+pay)\s*(?:of|is|:|about|around|was|rmb|cny|¥|from|(?:was\s+)?cut|dropped|fell|went|\s)*$"
    r"|(?<![a-z])(?:earns?|makes?|making|earning)\s*(?:about|around|rmb|cny|¥|\s)*$"
)
_INCOME_BEHIND = re.compile(
    r"^\s*(?:左右)?的?(?:月?收入|月?工资|月薪|薪水)|^\s*(?:(?:of|in)\s+)?(?:monthly|a month)?\s*(?:household\s+)?(?:income|salary)(?![a-z])"
)
_ANNUAL_BEHIND = re.compile(
    r"^\s*(?:左右)?的?(?:年收入|年薪)|^\s*(?:(?:of|in)\s+)?(?:annual|yearly)\s+(?:household\s+)?(?:income|salary)"
)
#: 「卖掉还完贷款到手150万」.
_OF_A_SALE = re.compile(r"卖|售|还完|结清|贷款")
#: What remains of takings: 「刨掉油钱剩七八千」.
_NET = re.compile(
    r"(?:刨|除|扣|去)(?:掉|去|开|了|完)[^,，。;；]{0,8}(?:剩下?|落下?|到手|还有)(?:个|大概|也就|[\s])*$"
)
#: What goes through a till or an account is no income yet.
_TURNOVER = re.compile(r"(?<!工资)流水|营业额|销售额|进货|成本")
_PAYS = re.compile(r"还|供|扣|贷|幼儿园|上学|读书|补习|学费|房租|物业|生活费|保姆")


def _by_period(sheet: Sheet, end: int, value: Decimal) -> str:
    """The income of a month, unless a year was named or only a year can bring it: 「收入三十万」."""
    told = sheet.text[max(0, end - 24) : end + 6]
    if _SAYS_MONTH.search(told):
        return "income_monthly"
    return "income_annual" if _SAYS_YEAR.search(told) or value >= _YEARLY_YUAN else "income_monthly"


def income_type(sheet: Sheet, start: int, end: int, value: Decimal) -> str | None:
    """`income_monthly` or `income_annual` where a sum is what somebody earns."""
    before, behind = sheet.before(start, 26), sheet.after(end, 18)
    if _ONCE.search(before) or _is_of_the_fund(sheet, start):
        return None
    if _INCOME_ANNUAL.search(before) or _ANNUAL_BEHIND.search(behind):
        return "income_annual"
    if value >= _YEARLY_YUAN and _OF_A_SALE.search(before):
        return None
    if _INCOME_MONTHLY.search(before) or _INCOME_BEHIND.search(behind):
        return _by_period(sheet, end, value)
    if _COUNTED_AS_INCOME.search(sheet.text[end : end + 14]):
        return _by_period(sheet, end, value)
    if _AT_TIMES.search(before) and (
        any(one.type.startswith("income") for one in sheet.found) or _EARNERS.search(sheet.text)
    ):
        return "income_monthly"
    is_in_english = _EARNS_IN_ENGLISH.search(before)
    if is_in_english or _EARNS_BEFORE.search(before):
        if _BY_THE_YEAR.search(behind):
            return "income_annual"
        if _BY_THE_MONTH.search(behind) or is_in_english:
            return "income_monthly"
    return _of_another(sheet, before, start, end, value) or _by_the_month(sheet, before, end)


def _is_of_the_fund(sheet: Sheet, start: int) -> bool:
    """Whether the provident fund was named last: what comes into it by the month is nobody's to spend."""
    if "公积金" not in sheet.text[max(0, start - 24) : start]:
        return False
    *_, last = _FUND_OR_PAY.finditer(sheet.text, max(0, start - 24), start)
    return last["fund"] is not None


def _of_another(sheet: Sheet, before: str, start: int, end: int, value: Decimal) -> str | None:
    """The kind of a sum that has no name of its own, by the people and the incomes around it."""
    if _NAMED_BEHIND.search(sheet.text[end : end + 8]):
        return None
    is_pay = _LOWEST_PAY <= value < _YEARLY_YUAN
    money = [one for one in sheet.found if one.type in _MONEY and start - _SOON < one.end <= start]
    told = next((one for one in reversed(money) if one.type != "amount"), None)
    is_next = told is not None and told is money[-1]
    if told is not None and (
        _ALSO_EARNS.search(before)
        or (is_next and (_ALSO_THEN.search(before) or _BESIDE.fullmatch(sheet.text[told.end : start])))
    ):
        if told.type == "income_annual" and not _LOWEST_PAY <= value < _LOWEST_YEARLY_YUAN:
            return "income_annual" if is_next else None
        return "income_monthly" if is_pay else None
    if _NET.search(before) and _EARNERS.search(sheet.text) and value >= _LOWEST_PAY:
        return _by_period(sheet, end, value)
    if not is_pay:
        return None
    if _AT_WORK.search(before) and _SUM_ENDS.match(sheet.text, end):
        return None if _NOT_EARNED.search(sheet.before(start, 24)) else "income_monthly"
    if _ONE_PERSON.search(before):
        other = _AND_ANOTHER.match(sheet.text, end)
        number = read_number(sheet.text, other.end()) if other else None
        return "income_monthly" if number and _LOWEST_PAY <= number.value < _YEARLY_YUAN else None
    return None


def _by_the_month(sheet: Sheet, before: str, end: int) -> str | None:
    """An income because somebody has it every month or year."""
    month, year = _A_MONTH.search(before), _A_YEAR.search(before)
    month_behind = _BY_THE_MONTH.search(sheet.after(end))
    if not (month or year or month_behind) or _TURNOVER.search(before):
        return None
    said = _this_sentence(sheet, end)
    is_somebodys = _SOMEBODY.search(said) or (month and _MODESTLY.search(month.group()))
    if (month or month_behind) and is_somebodys and not _SPENDS.search(said):
        return "income_monthly"
    if (month or year) and _EARNERS.search(sheet.text) and not _PAYS.search(before):
        return "income_monthly" if month else "income_annual"
    return None


def _this_sentence(sheet: Sheet, end: int) -> str:
    """What was said before a place since the last full stop, at most forty characters."""
    return re.split(r"[。;；!！?？\n]", sheet.text[max(0, end - 40) : end])[-1]
