"""Makes the Telegram channel where a token is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channels.media import Media
from bot.channels.reception import Reception
from bot.conversation.ports import Words
from bot.papers import Certificates, PaperLinks
from bot.servicing.files import Files
from bot.servicing.ports import Policy
from bot.servicing.requests import make_requests
from bot.settings import Settings
from bot.store.engine import Sessions

if TYPE_CHECKING:
    from bot.channels.telegram.service import Telegram


def make_telegram(
    settings: Settings, sessions: Sessions, policy: Policy, words: Words, reception: Reception, files: Files
) -> Telegram | None:
    """The channel, or None while no token is set; ``ValueError`` for what is no token."""
    if not settings.telegram_token.get_secret_value():
        return None
    from bot.channels.telegram.service import Telegram  # with a library that takes half a second to load

    base, cache = settings.public_base_url, settings.home / "cache" / "matplotlib"
    papers = PaperLinks(settings.secret("papers"), words, base, cache)
    record = make_requests(settings, sessions, policy)
    certificates = Certificates(settings.secret("papers"), record, settings.clock, words)
    media = Media(papers, certificates, files, base)
    return Telegram(settings, sessions, settings.clock, words, reception, media, papers)
