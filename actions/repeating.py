"""Words that ask for the last reply again: 「上一个再说一遍」, 「没看清」."""

from __future__ import annotations

import re

END = r"[\s,，。.!！?？~～]*"
_REPEAT = re.compile(
    r"(?:不好意思|抱歉|对不起|请|麻烦|劳驾|能不能|能|可以|你|您|把|帮我|刚才|刚刚|上一个|上一条|上面|那个|那条|的|我|[,，\s])*"
    r"(?:再(?:给我)?(?:说|讲|发|来|重复|看)(?:一|1)?(?:遍|次|下|条)|重(?:复|说|发)(?:一|1)?(?:遍|次|下)"
    r"|没(?:有)?(?:看清楚?|看见|看到|听清楚?|听见)|(?:你|您)?说(?:了|的)?(?:是)?(?:什么|啥)来着"
    r"|(?:刚才|刚刚)(?:你|您)?说(?:的|了)?(?:是)?(?:什么|啥))"
    r"(?:[,，\s]*(?:再(?:说|发|来)(?:一|1)?(?:遍|次)|好吗|行吗|可以吗|吗|吧|呗|呢|啊|谢谢|一下))*"
    + END
    + r"|(?:sorry|please|pardon|can you|could you|[,\s])*"
    r"(?:say|repeat|show) (?:it|that|this)(?: again)?(?: once more)?(?: please|, please)?" + END,
    re.IGNORECASE,
)
_LONGEST = 16  #: characters of a message that only takes up what went before
_LONGEST_ENGLISH = 48


def is_short(text: str) -> bool:
    """Whether a message is short enough to only take up what went before."""
    return len(text) <= (_LONGEST_ENGLISH if text.isascii() else _LONGEST)


def is_repeat(text: str) -> bool:
    """Whether the words ask for the last reply again."""
    return is_short(text) and _REPEAT.fullmatch(text.strip()) is not None
