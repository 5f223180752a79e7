"""Accounts of the demonstration: an agent and a supervisor with passwords made on the spot."""

from __future__ import annotations

import secrets
from pathlib import Path

from bot.handoff.agents import Agents
from bot.handoff.model import Role

DEMO_ACCOUNTS = (
    ("xiaolin", "林晓", Role.AGENT),
    ("xiaozhou", "周宁", Role.AGENT),
    ("zhuguan", "陈主管", Role.SUPERVISOR),
    ("admin", "管理员", Role.ADMIN),
)


async def ensure_demo_accounts(agents: Agents, file: Path) -> str:
    """Create the demo accounts if they are not there; the file with their passwords, as text."""
    known = {agent.name for agent in await agents.list_all()}
    if file.exists() and all(name in known for name, _, _ in DEMO_ACCOUNTS):
        return file.read_text(encoding="utf-8")
    lines = []
    for name, display_name, role in DEMO_ACCOUNTS:
        password = secrets.token_urlsafe(9)
        await agents.set_password(name, display_name, role, password)
        lines.append(f"{name}\t{password}\t{role.value}\t{display_name}\n")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text("".join(lines), encoding="utf-8")
    return "".join(lines)
