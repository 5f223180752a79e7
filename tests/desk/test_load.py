"""Many customers and agents at once: no word is lost, doubled or out of order. How long words take is the bench's business."""

from __future__ import annotations

import pytest

from bot.dialogue.ports import TurnAnswer
from bot.dialogue.scripted import ScriptedDialogue
from bot.handoff.model import Role
from bot.messages import Handoff, TextPart
from bot.settings import Settings
from bot.store.base import Base
from bot.store.engine import make_engine
from scripts.bench_desk import PASSWORD, STAFFED, WANTS_A_PERSON, Figures, talk
from tests.conftest import started

AGENTS = ("lin", "zhou", "wu")


@pytest.mark.parametrize("conversations", [10])
async def test_nothing_is_lost_or_doubled(tmp_path, conversations):
    settings = Settings(
        home=tmp_path, merge_window_seconds=0.05, database_url="", now=STAFFED, _env_file=None
    )
    engine = make_engine(settings.database)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()
    wanted = TurnAnswer((TextPart("马上"), Handoff("asked", "before_loan", "客户要求人工")))
    async with started(settings, ScriptedDialogue(script={WANTS_A_PERSON: wanted})) as live:
        for name in AGENTS:
            await live.agents.set_password(name, f"客服{name}", Role.AGENT, PASSWORD)
        figures = await talk(live.url, AGENTS, conversations, exchanges=3)
    assert figures.faults == []
    assert len(figures.delivered_ms) == conversations * 3


def test_the_figures():
    figures = Figures([float(n) for n in range(1, 101)])
    assert (figures.median_ms, figures.p95_ms) == (50.5, 95.0)
