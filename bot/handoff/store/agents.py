"""The people at the desk as rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.handoff.model import Agent, Presence, Role, Skill
from bot.handoff.work_week import WorkWeek
from bot.store.base import Base, UtcDateTime


class AgentRow(Base):
    __tablename__ = "agent"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    session_epoch: Mapped[int] = mapped_column(default=0)  #: raised to end all of the agent's sessions
    is_enabled: Mapped[bool] = mapped_column(default=True)
    skills: Mapped[list[str]] = mapped_column(JSON, default=lambda: [skill.value for skill in Skill])
    capacity: Mapped[int] = mapped_column(default=5)  #: how many customers at once
    presence: Mapped[str] = mapped_column(String(10), default=Presence.OFFLINE.value)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  #: the last sign of an open desk
    idle_since: Mapped[datetime | None] = mapped_column(UtcDateTime)  #: when the last ticket was given
    totp_encrypted: Mapped[str | None]  #: the second factor's secret, once it is confirmed
    totp_pending: Mapped[str | None]  #: a new secret that no code has confirmed yet
    totp_used: Mapped[int | None]  #: the last time step whose code was taken: no code works twice

    hours: Mapped[list[list[str]] | None] = mapped_column(
        JSON(none_as_null=True)
    )  #: `WorkWeek`, Monday first

    def as_agent(self) -> Agent:
        known = {skill.value for skill in Skill}
        return Agent(
            self.id,
            self.name,
            self.display_name,
            Role(self.role),
            frozenset(Skill(skill) for skill in self.skills if skill in known),
            self.capacity,
            has_second_factor=self.totp_encrypted is not None,
            hours=WorkWeek.of(self.hours) if self.hours else None,
        )
