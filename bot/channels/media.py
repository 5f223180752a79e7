"""The bytes behind our own addresses, for platforms to which pictures and files are uploaded."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog

from bot.papers import Certificates, PaperLinks
from bot.papers.certificates import PATH as CERTIFICATES
from bot.papers.errors import PaperError
from bot.papers.links import PATH as PAPERS
from bot.servicing.errors import FileError
from bot.servicing.file_links import PATH as FILES
from bot.servicing.files import Files

log = structlog.get_logger()


@dataclass(frozen=True)
class Fetched:
    content: bytes
    media_type: str
    name: str


class Media:
    """Papers, certificates and kept files by the address that stands in the log."""

    def __init__(self, papers: PaperLinks, certificates: Certificates, files: Files, base_url: str) -> None:
        self._papers = papers
        self._certificates = certificates
        self._files = files
        self._base_url = base_url.rstrip("/")

    async def fetch(self, url: str, conversation_id: str) -> Fetched | None:
        """What lies behind one of our addresses for this conversation; None where it is not ours or gone."""
        path = url.removeprefix(self._base_url)
        try:
            if path.startswith(PAPERS):
                paper = await asyncio.to_thread(self._papers.paper, path)
                return Fetched(paper.content, paper.media_type, paper.name)
            if path.startswith(CERTIFICATES):
                paper = await self._certificates.paper(path.removeprefix(CERTIFICATES))
                return Fetched(paper.content, paper.media_type, paper.name)
            if path.startswith(FILES):
                file = await self._files.find(path.removeprefix(FILES), conversation_id)
                return Fetched(await self._files.content(file), file.media_type.value, file.name)
        except (PaperError, FileError) as exc:
            log.warning("media.not_there", conversation=conversation_id, reason=type(exc).__name__)
        return None

    def absolute(self, url: str) -> str:
        """The address as it is reached from outside."""
        return url if urlsplit(url).scheme else f"{self._base_url}{url}"
