"""``/api/desk``: who is at the desk, accounts, notes among colleagues and replies kept for reuse."""

# No postponed annotations here: FastAPI could not resolve those that name something inside a function.

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, field_validator

from bot.conversation.ports import Words
from bot.desk.login import DeskSessions
from bot.desk.routes import logged_in, refused
from bot.desk.views import Views, agent_view, note_view
from bot.handoff.agents import Agents
from bot.handoff.errors import NotAllowed
from bot.handoff.model import Agent, Presence, Role, Skill
from bot.handoff.notebook import Note, Notebook, NoteKind
from bot.handoff.work_week import WorkWeek

NoteHeard = Callable[[Note], Awaitable[None]]


class PresenceWish(BaseModel):
    presence: Literal["online", "away"]


class NewNote(BaseModel):
    text: str = Field(min_length=1, max_length=2000)
    kind: NoteKind = NoteKind.NOTE


class Reply(BaseModel):
    shortcut: str = Field(min_length=1, max_length=30)
    text: str = Field(min_length=1, max_length=2000)
    is_shared: bool = False


class NewAccount(BaseModel):
    name: str = Field(min_length=2, max_length=50, pattern=r"^[a-z0-9_.-]+$")
    display_name: str = Field(min_length=1, max_length=30)
    password: str = Field(min_length=8, max_length=200)
    role: Role = Role.AGENT


class Hours(BaseModel):
    """Seven lists of ``08:30-12:00``, Monday first; none: the bank's staffed hours."""

    hours: (
        list[list[Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")]]] | None
    )

    @field_validator("hours")
    @classmethod
    def _in_order(cls, hours: list[list[str]] | None) -> list[list[str]] | None:
        return WorkWeek.of(hours).to_wire() if hours is not None else None


class AccountChange(BaseModel):
    display_name: str | None = Field(None, min_length=1, max_length=30)
    role: Role | None = None
    skills: list[Skill] | None = None
    capacity: int | None = Field(None, ge=1, le=50)
    is_enabled: bool | None = None
    password: str | None = Field(None, min_length=8, max_length=200)


def people_routes(
    agents: Agents, notebook: Notebook, sessions: DeskSessions, views: Views, words: Words, heard: NoteHeard
) -> APIRouter:
    refusals = partial(refused, words)
    Me = Annotated[Agent, Depends(logged_in(sessions, words))]
    router = APIRouter(prefix="/api/desk", tags=["desk"])

    def must_be(is_allowed: bool) -> None:
        if not is_allowed:
            raise NotAllowed

    @router.post("/presence")
    async def presence(wish: PresenceWish, agent: Me) -> dict[str, str]:
        """Whether you take new customers."""
        await agents.set_presence(agent.id, Presence(wish.presence))
        return {"presence": wish.presence}

    @router.get("/agents")
    async def everybody(agent: Me) -> dict[str, Any]:
        """Who is there and how busy; accounts out of use for admins only."""
        load = await views.load()
        return {
            "agents": [
                {
                    **agent_view(one),
                    "presence": presence.value,
                    "is_enabled": is_enabled,
                    "load": load.get(one.id, 0),
                }
                for one, presence, is_enabled in await agents.roster()
                if is_enabled or agent.is_admin
            ]
        }

    @router.post("/agents", status_code=201)
    async def add_account(account: NewAccount, agent: Me) -> dict[str, Any]:
        with refusals():
            must_be(agent.is_admin)
            made = await agents.set_password(
                account.name, account.display_name, account.role, account.password
            )
        return {"agent": agent_view(made)}

    @router.patch("/agents/{agent_id}")
    async def change_account(agent_id: str, change: AccountChange, agent: Me) -> dict[str, Any]:
        """Skills and capacity are a supervisor's business, the rest an admin's."""
        with refusals():
            wishes = change.model_dump(exclude_unset=True, exclude={"skills", "capacity"})
            must_be(agent.is_admin if wishes else agent.is_supervisor)
            changed = await agents.change(agent_id, **change.model_dump(exclude={"password"}))
            if change.password is not None:
                changed = await agents.set_password(
                    changed.name, changed.display_name, changed.role, change.password
                )
        return {"agent": agent_view(changed)}

    @router.put("/agents/{agent_id}/hours")
    async def set_hours(agent_id: str, order: Hours, agent: Me) -> dict[str, Any]:
        """When new customers are offered to an agent; supervisors only."""
        with refusals():
            must_be(agent.is_supervisor)
            week = WorkWeek.of(order.hours) if order.hours is not None else None
            return {"agent": agent_view(await agents.set_hours(agent_id, week, agent))}

    @router.get("/conversations/{conversation_id}/notes")
    async def notes(conversation_id: str, agent: Me) -> dict[str, Any]:
        with refusals():
            customer_id = await views.customer_of(conversation_id)
            found = await notebook.notes_on(conversation_id, customer_id)
        return {"notes": [note_view(note) for note in found]}

    @router.post("/conversations/{conversation_id}/notes", status_code=201)
    async def add_note(conversation_id: str, note: NewNote, agent: Me) -> dict[str, Any]:
        """A note that the customer never sees."""
        with refusals():
            customer_id = await views.customer_of(conversation_id)
            added = await notebook.add_note(conversation_id, agent, note.text, note.kind, customer_id)
        await heard(added)
        return note_view(added)

    @router.get("/replies")
    async def replies(agent: Me) -> dict[str, Any]:
        return {"replies": [asdict(reply) for reply in await notebook.replies_for(agent)]}

    @router.post("/replies", status_code=201)
    async def keep_reply(reply: Reply, agent: Me) -> dict[str, Any]:
        with refusals():
            return asdict(
                await notebook.keep_reply(agent, reply.shortcut, reply.text, is_shared=reply.is_shared)
            )

    @router.put("/replies/{reply_id}")
    async def change_reply(reply_id: str, reply: Reply, agent: Me) -> dict[str, Any]:
        with refusals():
            return asdict(
                await notebook.keep_reply(
                    agent, reply.shortcut, reply.text, is_shared=reply.is_shared, reply_id=reply_id
                )
            )

    @router.delete("/replies/{reply_id}")
    async def drop_reply(reply_id: str, agent: Me) -> dict[str, bool]:
        with refusals():
            await notebook.drop_reply(agent, reply_id)
        return {"ok": True}

    return router
