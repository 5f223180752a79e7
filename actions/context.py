"""What a message means only after what was said before it: 「上一个再说一遍」, 「那公积金的呢」."""

from __future__ import annotations

import re
from dataclasses import dataclass

import structlog

from actions.answering import LastAnswer, answered
from actions.base import LAST_REPLY, Outcome, TurnAction, understood
from actions.calculations.catalogue import SUBJECTS
from actions.calculations.state import ADJUST_LAST, LAST_SLOT, Asked
from actions.repeating import END, is_short
from actions.segments import asker
from actions.turn import Turn
from bot.knowledge.errors import AnswerError, PolicyError
from bot.knowledge.model import Answer, Asker
from bot.messages import part_from_wire

log = structlog.get_logger(__name__)

_LEAD = re.compile(
    r"(?:那么?|还有|如果是?|要是|假如|换成?|改成?|对于|至于|and|(?:and )?(?:what|how) about|what if it is|[,，\s])+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:(?:的话)?(?:也|是不是也|是否也)(?:一样|是|要|这样|可以|行|能|收|算|有)*(?:吗|么)"
    r"|呢|怎么样|怎么说|如何|咋样|行吗|可以吗|吗|too)?" + END + r"$",
    re.IGNORECASE,
)
#: Words around what is named that ask for nothing of their own.
_FILLERS = re.compile(
    r"贷款|房贷|房子|住房|买房|套房|户口|情况|的话|如果|申请|的|是|我|用|人|房|贷|套"
    r"|\b(?:a|an|the|for|with|loans?|mortgages?|homes?|house|buyers?|people)\b|[,，\s]",
    re.IGNORECASE,
)
#: What may take the place of one another in a question, by kinds.
_SEGMENTS: tuple[tuple[str, ...], ...] = (
    ("公积金|provident fund", "商业贷款?|商贷|commercial", "组合贷?|combin(?:ation|ed)"),
    ("首套|第一套|first home", "二套|第二套|两套|second home"),
    ("新房|一手房", "二手房?|second-?hand", "期房|预售房?", "现房", "商铺|公寓|商业用房"),
    ("等额本息|equal instal?lments?", "等额本金|equal principal", "先息后本"),
    (
        "外地|异地",
        "外籍|外国|港澳台?|foreign(?:ers?)?",
        "个体户?|做生意|自雇|self-?employed",
        "自由职业|freelancers?",
        "单身",
        "离异|离婚",
        "夫妻|配偶",
        "新市民|外卖|骑手|网约车",
        "担保",
    ),
    (
        "北京|beijing",
        "上海|shanghai",
        "广州",
        "深圳",
        "杭州",
        "成都",
        "南京",
        "武汉",
        "重庆",
        "天津",
        "苏州",
        "西安",
    ),
    ("部分", "全部|一次性?还清|结清"),
)
_GROUPS = tuple(tuple(re.compile(member, re.IGNORECASE) for member in group) for group in _SEGMENTS)
_USUAL = _GROUPS[0][1]
_FUND_OR_NOT = "product"


@dataclass(frozen=True)
class Named:
    """What a fragment puts in the place of what the question before was about."""

    words: str  #: as the customer said them
    members: tuple[re.Pattern[str], ...]
    groups: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Named | None:
        """The fragment's words where it says nothing else; None for a question of its own."""
        lead = _LEAD.match(text)
        tail = _TAIL.search(text, lead.end() if lead else 0)
        has_tail = tail is not None and tail.group().strip(" ,，。.!！?？~～") != ""
        if not is_short(text) or not (lead or has_tail):
            return None
        rest = text[lead.end() if lead else 0 : tail.start() if tail else len(text)]
        members: list[re.Pattern[str]] = []
        groups: list[int] = []
        left = rest
        for number, group in enumerate(_GROUPS):
            for member in group:
                if member.search(left):
                    members.append(member)
                    groups.append(number)
                    left = member.sub(" ", left)
        if not members or _FILLERS.sub("", left):
            return None
        return cls(rest.strip().removesuffix("的"), tuple(members), tuple(groups))

    def asked_of(self, question: str) -> str:
        """The question before, with these words in the place of others of their kind."""
        for number in self.groups:
            for member in _GROUPS[number]:
                question = member.sub("", question)
        return question.strip()

    def is_in(self, text: str) -> bool:
        return all(member.search(text) for member in self.members)

    def is_usual_in(self, text: str) -> bool:
        """Whether only the usual kind was named and the text is about no other: a home loan is a commercial one."""
        return self.members == (_USUAL,) and not any(member.search(text) for member in _GROUPS[0])


async def referred_to(action: TurnAction, turn: Turn) -> Outcome | None:
    """The reply to a message that only takes up what went before; None for any other."""
    if turn.is_pressed:
        return None
    return _repeated(turn) or _changed_calculation(turn) or await followed(action, turn)


def is_about_answer(turn: Turn) -> bool:
    """Whether a fragment comes right after an answer, which it then is about even while a form waits."""
    last = LastAnswer.of(turn)
    before = (turn.slots.get(LAST_REPLY) or {}).get("turn")
    return (
        last is not None
        and last.message == before
        and not turn.is_pressed
        and Named.of(turn.text) is not None
    )


def _repeated(turn: Turn) -> Outcome | None:
    """The last reply again, word for word; nothing that it left to be settled is touched."""
    kept = turn.slots.get(LAST_REPLY) or {}
    if not turn.asks_to_repeat or not (kept.get("parts") or turn.active_loop):
        return None
    parts = tuple(part_from_wire(part) for part in kept.get("parts") or ())
    return Outcome(parts, next_action=turn.active_loop)


def _changed_calculation(turn: Turn) -> Outcome | None:
    """「那公积金的呢」 right after a calculation that knows of kinds of loans."""
    last = Asked.of(turn, SUBJECTS, LAST_SLOT)
    if last is None or LastAnswer.of(turn) or turn.active_loop or turn.value(_FUND_OR_NOT) is None:
        return None
    if Named.of(turn.text) is None or all(field.name != _FUND_OR_NOT for field in last.subject.FIELDS):
        return None
    return Outcome(slots=understood(), next_action=ADJUST_LAST)


async def followed(action: TurnAction, turn: Turn) -> Outcome | None:
    """The last topic's answer for what a fragment names, if the book says something about that."""
    last, named = LastAnswer.of(turn), Named.of(turn.text)
    if last is None or named is None:
        return None
    question = named.asked_of(last.question)
    try:
        answer = await _picked(action, last.topic, named, f"{named.words}{question}", asker(turn))
        if answer is None:
            return None
        lead = action.say("context.same", named=named.words) if answer.name == last.answer else None
        return answered(action, turn, answer, question, lead if not turn.is_english else None)
    except (PolicyError, AnswerError) as exc:
        log.warning("context.unavailable", topic=last.topic, reason=str(exc))
        return None


async def _picked(action: TurnAction, topic: str, named: Named, asked: str, by: Asker) -> Answer | None:
    """The topic's answer to the joined question; None when it does not speak of what was named."""
    library = action.colleagues.library
    answer = await library.answers.pick(topic, asked, action.colleagues.embed, by)
    rendered = library.answers.render(answer, library.policy, action.colleagues.today)
    words = "\n".join((answer.title, rendered.text, rendered.detail or "", rendered.english or ""))
    if named.is_in(words) or named.is_usual_in(f"{answer.title}{rendered.text}"):
        return answer
    return next((each for each in library.answers.of(topic) if named.is_in(each.title)), None)
