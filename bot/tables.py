"""Names every room that has tables, for those who need the whole schema (migrations, tests)."""

from __future__ import annotations

import bot.conversation.store
import bot.handoff.store
import bot.knowledge.store
import bot.servicing.store  # noqa: F401
