"""Which group of customers somebody said they belong to; remembered for the conversation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions.turn import Turn
from bot.knowledge.model import Asker

AUDIENCE = "audience"  #: the slot that keeps it for the conversation

#: The groups of the answers' ``audience``, by the words with which customers say that they belong to them.
_WORDS: Mapping[str, re.Pattern[str]] = {
    group: re.compile(words, re.IGNORECASE)
    for group, words in {
        "foreigner": r"外籍|外国人|外国护照|(?:美国|英国|日本|韩国|加拿大|澳洲|新加坡|德国|法国|俄罗斯)(?:国籍|护照|人)|港澳|香港人|澳门人|台湾人|台胞|华侨|foreign(?:er)?\b|\bexpat\b|\bpassport\b",
        "new_citizen": r"外卖|骑手|快递员|送快递|网约车|滴滴|跑车的|跑单|主播|打零工|新市民|平台(?:收入|接单|派单)",
        "self_employed": r"个体户?|做(?:点|些|小)?生意|开(?:了|着)?(?:一?[个家间])?(?:小)?(?:店|餐馆|饭店|公司|厂)|自己当老板|自雇|自由职业|self-?employed",
        "upgrader": r"换房|换(?:一?[个套])?(?:大|好)(?:一?点|些)?的(?:房|$)|换(?:一?套)?大房|卖(?:了|掉)?(?:现在的?|手里的?|老|旧)(?:这套)?房?.{0,4}买|卖一买一|置换",
        "first_home": r"第一次买房|头一[次回]买房|首次(?:买|购)房|第一次贷款|没买过房|刚需|买(?:我?的?)?第一套房|first[- ](?:home|time)",
        "guarantor": r"(?:做|当)担保|担保人",
        "borrower_after_loan": r"(?:房贷|贷款|按揭)(?:已经)?还了|(?:正在|已经在)还(?:房贷|贷款|按揭)",
    }.items()
}
#: Those that are met with an opening and questions of their own.
MET = ("first_home", "upgrader", "new_citizen", "self_employed", "foreigner")
_SELF = re.compile(r"我|俺|咱|本人|\b(?:I|I'm|my|we)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"[吗嘛呢?？]|(?<![什那这])么|怎|哪|如何|咋|多少|几[个年成点]|什么(?!都?不?懂)|能不能|可不可以|要不要|帮|推荐|\b(?:can|how|what|which|do)\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"(?:不是|不算|没有?|并非|不想|朋友|同事|邻居|客户|\bnot\b)[^,，。;；]{0,6}$", re.IGNORECASE
)


@dataclass(frozen=True)
class Segments:
    """The groups somebody belongs to, the last one said first, and the words that said so."""

    groups: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, turn: Turn) -> Segments:
        """What is remembered, and what this message says."""
        kept = turn.slots.get(AUDIENCE) or {}
        before = cls(tuple(kept.get("groups") or ()), tuple(kept.get("words") or ()))
        said = cls.said(turn.text)
        return cls(
            tuple(dict.fromkeys((*said.groups, *before.groups))),
            tuple(dict.fromkeys((*said.words, *before.words))),
        )

    @classmethod
    def said(cls, text: str) -> Segments:
        """What a message says of who writes it; a question about others says nothing."""
        if asks(text) and not _SELF.search(text):
            return cls()
        found = {
            group: match.group()
            for group, words in _WORDS.items()
            if (match := words.search(text)) and not _NOT.search(text[: match.start()])
        }
        return cls(tuple(found), tuple(found.values()))

    @property
    def met(self) -> str | None:
        """The group by which somebody is spoken to, if it is one with openings of its own."""
        return next((group for group in self.groups if group in MET), None)

    def to_slot(self) -> dict[str, Any]:
        return {"groups": list(self.groups), "words": list(self.words)}


def asks(text: str) -> bool:
    """Whether a message wants to know something, or wants something done."""
    return _ASKS.search(text) is not None


def remembered(turn: Turn) -> dict[str, Any] | None:
    """The slot's new value where a message says something new; None where it does not."""
    segments = Segments.of(turn).to_slot()
    is_news = segments["groups"] and segments != (turn.slots.get(AUDIENCE) or {})
    return segments if is_news else None


def asker(turn: Turn) -> Asker:
    """For whom an answer is picked."""
    segments = Segments.of(turn)
    channel = turn.channel if turn.channel != "unknown" else None
    return Asker(segments.groups, " ".join(segments.words), channel)
