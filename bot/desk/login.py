"""Sessions of the desk: a signed cookie that scripts cannot read and other sites cannot send."""

from __future__ import annotations

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from fastapi import Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.handoff.agents import Agents
from bot.handoff.model import Agent

COOKIE = "fangxin_desk"
MAX_AGE_SECONDS = 12 * 3600
SALT = "fangxin.desk.session"


@dataclass(frozen=True)
class DeskSessions:
    """Issues cookies and finds the agent behind one."""

    agents: Agents
    secret: str
    is_secure: bool  #: the cookie goes over HTTPS alone

    def open(self, response: Response, agent: Agent, epoch: int) -> None:
        """Give the browser its session."""
        response.set_cookie(
            COOKIE,
            self.issue(agent, epoch),
            max_age=MAX_AGE_SECONDS,
            httponly=True,
            samesite="strict",
            secure=self.is_secure,
        )

    def issue(self, agent: Agent, epoch: int) -> str:
        return self._signer().dumps([agent.id, epoch])

    async def agent_of(self, cookie: str | None) -> Agent | None:
        """The agent, or ``None`` when the cookie is not ours, too old, or the account changed since."""
        if not cookie:
            return None
        try:
            agent_id, epoch = self._signer().loads(cookie, max_age=MAX_AGE_SECONDS)
        except (BadSignature, ValueError, TypeError):
            return None
        return await self.agents.in_session(agent_id, epoch)

    async def agent_of_header(self, cookie_header: str) -> Agent | None:
        """The same from a raw ``Cookie`` header, as Socket.IO hands it over."""
        try:
            found = SimpleCookie(cookie_header).get(COOKIE)
        except CookieError:
            return None
        return await self.agent_of(found.value if found else None)

    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.secret, salt=SALT)
