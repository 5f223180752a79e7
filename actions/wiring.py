"""Brings the actions together with the real books, the real servicing and Rasa's embeddings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from actions.alarms import Alarms
from actions.colleagues import Colleagues
from actions.requests.markers import Markers
from actions.topics import Topics
from bot.knowledge.editing import Editing, follow_edits
from bot.knowledge.library import CurrentPolicy, Library
from bot.papers import Certificates, PaperLinks
from bot.servicing.documents import Documents
from bot.servicing.requests import make_complaints, make_requests
from bot.servicing.service import make_servicing
from bot.settings import ROOT, Settings
from bot.store.engine import make_engine, make_sessions

EMBED_PATH = "/webhooks/fangxin/embed"
EMBED_SECONDS = 3.0  #: within a turn's deadline; without vectors the topic's default answer is given


class RasaEmbedding:
    """Vectors from the embedding model that Rasa has loaded."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def __call__(self, texts: list[str]) -> list[list[float]]:
        response = await self._http.post(EMBED_PATH, json={"texts": texts})
        response.raise_for_status()
        vectors: list[list[float]] = response.json()["vectors"]
        return vectors


@asynccontextmanager
async def colleagues(settings: Settings) -> AsyncIterator[Colleagues]:
    """The real collaborators, made in the running loop and closed with it."""
    engine = make_engine(settings.database)
    sessions = make_sessions(engine)
    folder = ROOT / "data" / "knowledge"
    library = Library(folder)
    following = asyncio.create_task(
        follow_edits(library, Editing(sessions, settings.clock, folder), settings.clock)
    )
    http = httpx.AsyncClient(
        base_url=settings.rasa_url,
        headers={"X-Fangxin-Token": settings.secret("rasa_token")},
        timeout=EMBED_SECONDS,
        trust_env=False,
    )
    policy = CurrentPolicy(library)
    servicing = make_servicing(settings, sessions, policy)
    requests = make_requests(settings, sessions, policy)
    try:
        yield Colleagues(
            clock=settings.clock,
            library=library,
            servicing=servicing,
            embed=RasaEmbedding(http),
            topics=Topics.load(ROOT / "data" / "nlu" / "topics.yml"),
            papers=PaperLinks(settings.secret("papers"), library.phrases),
            documents=Documents(sessions, settings.clock, servicing.identity, policy),
            requests=requests,
            complaints=make_complaints(settings, sessions, policy),
            certificates=Certificates(settings.secret("papers"), requests, settings.clock, library.phrases),
            markers=Markers.load(folder / "requests.yml"),
            alarms=Alarms.load(folder / "alarms.yml"),
        )
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await http.aclose()
        await engine.dispose()
