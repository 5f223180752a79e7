"""Names every room that has tables, for those who need the whole schema (migrations, tests)."""

from __future__ import annotations

import bot.care.store
import bot.channels.telegram.store
import bot.channels.wechat.store
import bot.conversation.rating
import bot.conversation.store
import bot.core.store
import bot.handoff.store
import bot.insight.store
import bot.knowledge.store
import bot.servicing.store
import bot.store.leases  # noqa: F401
