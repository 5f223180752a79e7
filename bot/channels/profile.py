"""What each platform can show. One place, so that a limit that changes is corrected once.

WeChat takes 2048 bytes a text message. Telegram's Bot API takes 4096 characters a message
(https://core.telegram.org/bots/api#sendmessage).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """The capabilities of a platform; what it cannot show is degraded without loss."""

    name: str
    has_buttons: bool
    has_cards: bool
    has_charts: bool
    has_detail: bool  #: can fold a long form behind 「展开」
    has_captions: bool = (
        True  #: shows words with a picture; elsewhere stations are lines, so that none is lost
    )
    has_images: bool = True  #: gets pictures; its channel uploads them where the platform wants that
    has_files: bool = True  #: gets files; where the platform takes none, its channel sends their address
    max_text_bytes: int | None = None
    max_text_characters: int | None = None

    def fits(self, text: str) -> bool:
        """Whether one message can hold ``text``."""
        if self.max_text_bytes is not None and len(text.encode()) > self.max_text_bytes:
            return False
        return self.max_text_characters is None or len(text) <= self.max_text_characters


WEB = Profile("web", has_buttons=True, has_cards=True, has_charts=True, has_detail=True)
CONSOLE = Profile("console", has_buttons=True, has_cards=True, has_charts=True, has_detail=True)
WECHAT = Profile(
    "wechat",
    has_buttons=False,
    has_cards=False,
    has_charts=False,
    has_detail=False,
    has_captions=False,
    has_files=False,
    max_text_bytes=2048,
)
TELEGRAM = Profile(
    "telegram",
    has_buttons=True,
    has_cards=False,
    has_charts=False,
    has_detail=False,
    max_text_characters=4096,
)
