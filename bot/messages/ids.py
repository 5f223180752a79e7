"""Identifiers: sortable by time, unguessable, and telling what they name by their first letter."""

from __future__ import annotations

import secrets
import time


def new_id(prefix: str) -> str:
    """``c_0198c2f3a1b2…``: milliseconds since 1970 and 64 random bits, both in hex."""
    return f"{prefix}_{time.time_ns() // 1_000_000:012x}{secrets.token_hex(8)}"
