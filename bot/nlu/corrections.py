"""What was taken back, and what changes into what.

「不是30年是20年」 and 「30年，打错了，20年」 give only the last; 「从30年改成20年」 gives both, with roles.
"""

from __future__ import annotations

import re

from bot.nlu.entity import Entity

_TAKEN_BACK = re.compile(
    r"打错|说错|看错|讲错|发错|写错|输错|搞错|弄错|记错|错了|(?<!对)不对|更正|纠正|口误|手滑|哦不|啊不|噢不|不不|应该是|改口|等等[,，。\s]*(?:是|不|应该|我)|等一?下[,，。\s]*(?:是|不|应该)|(?<![a-z])(?:sorry|i mean|wait)(?![a-z])"
)
_NOT = re.compile(r"(?:不是|并非|不贷|不要|别按|不按|不用)(?:按|说|贷|算)?\s*$|(?<![a-z])not\s*$")
_BUT = re.compile(
    r"^\s*(?:了|的|吧|呀|啊)?\s*[,，。;；]?\s*(?:而是|是|要|应该是|改成|改贷|改按|按|我要|,|，|\s)"
)
_RATHER_THAN = re.compile(
    r"^\s*(?:的|了|吧|啊|哦)?\s*[,，]?\s*(?:可|而)?(?:不是|并非|没有?|不要|不选|不想要|别给我?)(?:贷|按|选|要|说)?\s*$"
)
#: 「四十五万，刚才说成五十四万」.
_SAID_WRONGLY = re.compile(r"(?:刚才|刚刚|前面|上面)\S{0,3}(?:说|打|写|输)(?:成|的是|了)\s*$")
_STILL_COMES = re.compile(r"^\s*[,，。]?\s*(?:而是|是)(?!不是|吗|吧|么)")
_MOVE = r"(?:跌|掉|改|变|换|转|调|降|升|涨|缩短|延长|缩|延|提高|增加|减少|减|下调|上调|调整|挪|拉长|拉|压|砍|放宽|放|推)"
_WISH = r"(?:我|这个|现在|目前|想|要|能|不能|可以|打算|希望|协商|申请|直接|帮我|给我|什么时候|啥时候|何时)*"
#: What may stand between the word of the change and the new value: 「改成减30」, 「降到今年的3.3」.
_NEW = r"(?:每个?月|今年的?|现在的?|的)?(?:lpr)?(?:加|减)?"
_BECOMES = re.compile(
    rf"^\s*(?:的[^,，。;；!！?？\d一二三四五六七八九十]{{0,8}}?|期|利率|贷款|左右|还款|扣款|还)?\s*[,，]?\s*(?:{_WISH}{_MOVE}?了?(?:成|到|至|为|->|→)|{_WISH}(?:改|变|换|转)了?)\s*了?\s*{_NEW}\s*$"
    r"|^\s*(?:to|into)(?:\s+the)?\s*$"
)
_FROM = re.compile(
    r"(?:从|由|原来是?|原先是?|之前是?|以前是?|本来是?)(?:每个?月|去年的?)?(?:lpr)?(?:加|减)?\s*$|(?<![a-z])from(?:\s+the)?\s*$"
)
_CHANGED = re.compile(r"改|变|换|转|调|降|升|涨|缩|延|提高|到|成|现在")


def settled(text: str, entities: list[Entity]) -> list[Entity]:
    """The entities that stand, in order, with the roles of a change."""
    ordered = sorted(entities, key=lambda entity: entity.start)
    kept: list[Entity] = []
    for entity in ordered:
        earlier = next((other for other in reversed(kept) if other.type == entity.type), None)
        if earlier is not None and _is_correction(text, earlier, entity):
            kept.remove(earlier)
        elif earlier is not None and _is_denied(text, earlier, entity):
            continue
        elif earlier is not None and earlier.role is None and _is_change(text, earlier, entity):
            kept[kept.index(earlier)] = earlier.with_role("from")
            entity = entity.with_role("to")
        kept.append(entity)
    return kept


def _is_correction(text: str, earlier: Entity, later: Entity) -> bool:
    before = text[max(0, earlier.start - 6) : earlier.start]
    between = text[earlier.end : later.start]
    behind = text[later.end : later.end + 8]
    if _TAKEN_BACK.search(between):
        return True
    if _NOT.search(before) and (_BUT.search(between) or not between.strip()):
        return True
    return bool(re.search(r"(?:刚才|前面|上面|刚刚)\S{0,3}(?:打错|说错|写错|输错)", behind))


def _is_denied(text: str, earlier: Entity, later: Entity) -> bool:
    """「贷90万不是80万」: the second is what it is not."""
    between = text[earlier.end : later.start]
    if _SAID_WRONGLY.search(between):
        return True
    return bool(_RATHER_THAN.search(between)) and not _STILL_COMES.search(text[later.end : later.end + 6])


def _is_change(text: str, earlier: Entity, later: Entity) -> bool:
    between = text[earlier.end : later.start]
    if len(between) > 18 or earlier.value == later.value:
        return False
    if _BECOMES.search(between) and (
        between.strip() not in ("到", "至", "to") or _FROM.search(text[: earlier.start])
    ):
        return True
    return bool(_FROM.search(text[max(0, earlier.start - 6) : earlier.start]) and _CHANGED.search(between))
