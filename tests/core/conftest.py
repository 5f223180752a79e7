"""Invented people and their applications, as the bank's core would tell of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bot.core.keys import ApiKeys
from bot.core.scopes import Scope
from bot.servicing.model import id_check_digit
from bot.store.engine import make_engine, make_sessions
from bot.store.vault import Vault

#: The scripted services run on the machine's clock, so what is told lies in the past of any of them.
TOLD = "2026-11-20T08:00:00+08:00"


def customer(number: int = 1, **more: Any) -> dict[str, Any]:
    body = f"99000019900307{number % 1000:03d}"
    return {
        "customer_no": f"KH{number:06d}",
        "name": "王示安",
        "phone": f"1000000{number:04d}",
        "id_number": body + id_check_digit(body),
        "told_at": TOLD,
        **more,
    }


def application(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "application_no": f"FX20261201{number:02d}",
        "customer_no": f"KH{number:06d}",
        "product": "commercial",
        "amount": "1200000.00",
        "term_months": 360,
        "submitted_at": "2026-11-02T09:30:00+08:00",
        "told_at": TOLD,
        **more,
    }


def stage(name: str, day: int, outcome: str = "passed", number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "application_no": f"FX20261201{number:02d}",
        "stage": name,
        "outcome": outcome,
        "at": f"2026-11-{day:02d}T15:00:00+08:00",
        **more,
    }


def loan(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "loan_no": f"DK20261201{number:02d}",
        "application_no": f"FX20261201{number:02d}",
        "principal": "1200000.00",
        "balance": "1200000.00",
        "annual_rate_pct": "3.05",
        "term_months": 360,
        "method": "equal_instalment",
        "spread_bp": -45,
        "repayment_day": 15,
        "account_tail": "0187",
        "first_due": "2026-12-15",
        "paid_out_on": "2026-11-18",
        "told_at": TOLD,
        **more,
    }


@dataclass
class Core:
    """A system of the bank that calls the service."""

    http: httpx.AsyncClient
    keys: ApiKeys

    async def tell(self, resource: str, *items: Any, **headers: str) -> httpx.Response:
        return await self.http.post(f"/api/core/{resource}", json={"items": items}, headers=headers)


@pytest.fixture
async def core(live) -> AsyncIterator[Core]:
    engine = make_engine(live.settings.database)
    keys = ApiKeys(make_sessions(engine), live.settings.clock, Vault(live.settings.secret("vault")))
    key = await keys.add("core-test", list(Scope), actor="test")
    async with httpx.AsyncClient(
        base_url=live.url, headers={"Authorization": f"Bearer {key}"}, timeout=30
    ) as http:
        yield Core(http, keys)
    await engine.dispose()
