"""Which of their loans a customer means: by a button, or in words such as 「公积金那笔」, 「第二笔」, 「尾号1234的」."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from actions.base import TurnAction
from bot.servicing.loan_brief import LoanBrief, LoanHint, LoanRef, meant
from bot.servicing.model import LoanKind

LOAN = "loan"  #: the entity of our buttons, and the item of a request
ALL = "all"  #: in the place of one loan: every one of them
Said = str | Mapping[str, Any]  #: a reference that a button carried, `ALL`, or a hint as JSON

_POINTS = "(?:的?(?:那|这)一?(?:笔|部分|份|个|边)|的?(?:部分|一笔))"
_FUND = re.compile(rf"(?<![用取])公积金(?:贷款?{_POINTS}?|{_POINTS})")
_COMMERCIAL = re.compile(rf"(?:商业性?贷款?|商贷){_POINTS}?|商业{_POINTS}")
_BARE = {LoanKind.PROVIDENT_FUND: re.compile("公积金"), LoanKind.COMMERCIAL: re.compile("商业|商贷")}
_POINTING = {LoanKind.PROVIDENT_FUND: _FUND, LoanKind.COMMERCIAL: _COMMERCIAL}
_PLACE = re.compile(
    r"第(?P<place>[一二两三四五1-5])(?:笔|个)(?:贷款)?|(?P<last>最后)(?:那|这)?一?(?:笔|个)(?:贷款)?"
)
_BARE_PLACE = re.compile(r"^(?P<place>[1-5一二三四五])[。.]?$")
_TAIL = re.compile(r"(?:尾号|后四位)(?:是|为)?(?P<tail>\d{4})(?!\d)的?(?:那|这)?一?(?:笔|个|贷款)(?:贷款)?")
_ASKED_TAIL = re.compile(
    r"(?:尾号|后四位|账户|账号|卡)?(?:是|为)?(?<!\d)(?P<tail>\d{4})(?![\d年])(?:的|那)*一?[笔个]?"
)
_DENIED = re.compile(r"不(?:是|要|办|看)[^，,。.！!；;是]*(?:[，,。.！!；;]|是|$)")
_ALL = re.compile(
    r"两笔|[二三四]笔都|都(?:看|要|办|改|算)|(?:全部|所有|名下)的?贷款|一共|总共|合计|加起来|加在一起|一起"
)
_NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
#: What may stand around the words that point, and asks for nothing of its own.
_FILLERS = re.compile(
    r"不对|不是|是|的|呢|吧|啊|了|那|这|我|要|想|看|看看|一下|说|选|就|帮|请|组合贷款?|里面?|怎么样|情况|详情|具体|笔|[\s，,。.！!？?~～]"
)


def pointed(text: str, *, is_asked: bool = False) -> tuple[LoanHint | None, str]:
    """What the words say of the loan that is meant, and the words without that.

    ``is_asked``: the customer was just asked which one, so less will do.

    >>> pointed("不对，是公积金那笔")[0]
    LoanHint(kind=<LoanKind.PROVIDENT_FUND: 'provident_fund'>, tail=None, place=None)
    """
    left = _DENIED.sub(" ", text)
    kind, left = _kind(left, is_asked)
    tail = place = None
    found = _TAIL.search(left) or (_ASKED_TAIL.search(left) if is_asked else None)
    if found:
        tail, left = found["tail"], left.replace(found[0], " ", 1)
    found = _PLACE.search(left) or (_BARE_PLACE.search(left.strip()) if is_asked else None)
    if found:
        place, left = _place(found), left.replace(found[0], " ", 1)
    if kind is None and tail is None and place is None:
        return None, text
    return LoanHint(kind, tail, place), left


def _kind(text: str, is_asked: bool) -> tuple[LoanKind | None, str]:
    """The kind that is pointed at; None where the other one is named too."""
    named = [kind for kind, bare in _BARE.items() if bare.search(text)]
    if len(named) != 1:
        return None, text
    left = _POINTING[named[0]].sub(" ", text)
    if is_asked:
        left = _BARE[named[0]].sub(" ", left)
    return (named[0], left) if left != text else (None, text)


def _place(found: re.Match[str]) -> int:
    if found.groupdict().get("last"):
        return -1
    said = found["place"]
    return _NUMBERS.get(said) or int(said)


def says_nothing_else(words: str) -> bool:
    """Whether what is left beside the pointing words asks for nothing of its own."""
    return not _FILLERS.sub("", words)


def means_all(text: str) -> bool:
    """Whether every loan is meant."""
    return _ALL.search(text) is not None


def as_said(hint: LoanHint) -> dict[str, Any]:
    """The hint as it is remembered."""
    return {name: value for name, value in asdict(hint).items() if value is not None}


def fitting(said: Said, loans: Sequence[LoanBrief]) -> tuple[LoanBrief, ...]:
    """The loans that what was said fits."""
    if said == ALL:
        return tuple(loans)
    if isinstance(said, str):
        ref = LoanRef.of(said)
        return tuple(loan for loan in loans if loan.ref == ref)
    kind = said.get("kind")
    return meant(LoanHint(LoanKind(kind) if kind else None, said.get("tail"), said.get("place")), loans)


def running(loans: Sequence[LoanBrief]) -> tuple[LoanBrief, ...]:
    return tuple(loan for loan in loans if not loan.is_settled)


def title_of(action: TurnAction, loan: LoanBrief) -> str:
    """The words of a loan's button: kind, what is owed and the end of its account."""
    return action.say(
        "my_loan.choice",
        product=action.say(f"servicing.product.{loan.kind.value}"),
        balance=loan.balance,
        tail=loan.account_tail,
        is_settled=loan.is_settled,
    )
