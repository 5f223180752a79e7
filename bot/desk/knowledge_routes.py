"""``/api/desk/knowledge``: policy facts and answers, for supervisors."""

# No postponed annotations here: FastAPI could not resolve those that name something inside a function.

from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from bot.conversation.ports import Words
from bot.desk.knowledge import KnowledgeDesk
from bot.desk.knowledge_views import answer_line, answer_page, fact_line, fact_page, preview_view
from bot.desk.login import DeskSessions
from bot.desk.routes import logged_in, refused
from bot.handoff.errors import NotAllowed
from bot.handoff.model import Agent
from bot.http import Refusal
from bot.knowledge.answer_texts import AnswerText
from bot.knowledge.editing import SetAnswer, SetFact
from bot.knowledge.errors import UnknownFact
from bot.knowledge.policy_files import value_from_text
from bot.knowledge.units import NATIONAL, Status


class NewValue(BaseModel):
    value: str = Field(min_length=1, max_length=2000)  #: as it is typed: "3.5", "1,3", "true"
    effective_from: date
    source: str = Field(min_length=1, max_length=500)
    reason: str = Field(min_length=1, max_length=500)
    region: str = Field(NATIONAL, max_length=50)
    status: Literal["A", "B", "U", "bank"] | None = None
    review_by: date | None = None


class AnswerDraft(BaseModel):
    head: str = Field(min_length=1, max_length=10_000)
    short: str = Field(max_length=10_000)
    long: str = Field("", max_length=20_000)
    effective_from: date

    @property
    def pieces(self) -> dict[str, str]:
        """By the names that a refusal uses; what customers read goes before the settings."""
        return {"short": self.short, "long": self.long, "head": self.head}

    def order(self, name: str, agent: Agent, reason: str | None = None) -> SetAnswer:
        return SetAnswer(
            answer=name,
            text=AnswerText(self.head, self.short, self.long).whole,
            effective_from=self.effective_from,
            author=agent.name,
            reason=reason,
        )


class NewText(AnswerDraft):
    reason: str = Field(min_length=1, max_length=500)


def knowledge_routes(desk: KnowledgeDesk, sessions: DeskSessions, words: Words) -> APIRouter:
    refusals = partial(refused, words)
    router = APIRouter(prefix="/api/desk/knowledge", tags=["desk"])

    def supervisor(agent: Annotated[Agent, Depends(logged_in(sessions, words))]) -> Agent:
        with refusals():
            if not agent.is_supervisor:
                raise NotAllowed
        return agent

    Me = Annotated[Agent, Depends(supervisor)]

    def page_of(key: str, region: str) -> dict[str, Any]:
        try:
            return fact_page(desk.library.policy, key, region, desk.today)
        except (UnknownFact, IndexError) as exc:
            raise Refusal(404, "fact_not_found", words.say("refused.fact_not_found")) from exc

    @router.get("/facts")
    async def facts(agent: Me) -> dict[str, Any]:
        """Every fact with the value that holds today, and the next one where it is known."""
        policy, today = desk.library.policy, desk.today
        keys = policy.keys()
        return {
            "today": today.isoformat(),
            "facts": [
                fact_line(policy, key, region, today) for key in keys for region in policy.regions(key)
            ],
        }

    @router.get("/facts/{key}")
    async def fact(key: str, agent: Me, region: str = NATIONAL) -> dict[str, Any]:
        """Its values over the years, and who changed it."""
        page = page_of(key, region)
        changes = [change for change in await desk.history(key) if change["region"] == region]
        return {**page, "changes": changes}

    @router.post("/facts/{key}")
    async def set_fact(key: str, new: NewValue, agent: Me) -> dict[str, Any]:
        """Another value from a day on; 422 names the field that does not hold together."""
        page_of(key, new.region)
        like = desk.library.policy.history(key, new.region)[-1]
        order = SetFact(
            key=key,
            value=value_from_text(new.value, like.unit, like.shape),
            effective_from=new.effective_from,
            author=agent.name,
            source=new.source,
            region=new.region,
            status=Status(new.status) if new.status else None,
            review_by=new.review_by,
            reason=new.reason,
        )
        await desk.set_fact(order, agent)
        return await fact(key, agent, new.region)

    @router.get("/answers")
    async def answers(agent: Me) -> dict[str, Any]:
        """Every answer, by topic, with the questions that lead to it."""
        book, today = desk.library.answers, desk.today
        changed = {change["subject"] for change in await desk.history() if change["taken_back_at"] is None}
        return {
            "today": today.isoformat(),
            "answers": [
                answer_line(answer, today, is_changed=answer.name in changed)
                for topic in book.topics
                for answer in book.of(topic)
            ],
        }

    @router.get("/answers/{topic}/{slug}")
    async def answer(topic: str, slug: str, agent: Me) -> dict[str, Any]:
        """Its text in three pieces, as the customer sees it today, and who changed it."""
        name = f"{topic}/{slug}"
        text = await desk.text_of(name)
        return {**answer_page(desk.library, name, text, desk.today), "changes": await desk.history(name)}

    @router.post("/answers/{topic}/{slug}/preview")
    async def preview(topic: str, slug: str, draft: AnswerDraft, agent: Me) -> dict[str, Any]:
        """What would be said with this text; nothing is changed."""
        name = f"{topic}/{slug}"
        await desk.text_of(name)
        return preview_view(await desk.preview(draft.order(name, agent), draft.pieces))

    @router.post("/answers/{topic}/{slug}")
    async def set_answer(topic: str, slug: str, new: NewText, agent: Me) -> dict[str, Any]:
        """Another text from a day on; 422 names the piece that does not hold together."""
        name = f"{topic}/{slug}"
        await desk.text_of(name)
        await desk.set_answer(new.order(name, agent, new.reason), new.pieces, agent)
        return await answer(topic, slug, agent)

    @router.post("/changes/{name}/take-back")
    async def take_back(name: str, agent: Me) -> dict[str, Any]:
        """What was there before holds again at once; the change stays in the history."""
        return {"name": (await desk.take_back(name, agent)).name}

    return router
