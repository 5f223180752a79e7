"""The started service and its clocks: a process that comes back at another hour finds them right to the second."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.settings import ROOT, Settings
from bot.store.migrate import upgrade
from scripts.bench_desk import free_port

UP_WITHIN_SECONDS = 120
RINGS_WITHIN_SECONDS = 60
PASSWORD = "correct horse battery"


@contextmanager
def service(home: Path, now: str) -> Iterator[httpx.Client]:
    """``fangxin serve`` at a given hour, without a bot to ask, as a supervisor at the desk sees it."""
    port = free_port()
    env = {
        **os.environ,
        "FANGXIN_HOME": str(home),
        "FANGXIN_HTTP_PORT": str(port),
        "FANGXIN_RASA_PORT": str(free_port()),
        "FANGXIN_DATABASE_URL": "",
        "FANGXIN_REDIS_URL": "",
        "FANGXIN_NOW": now,
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", "from bot.cli import main; main()", "serve"]
    with (home / "serve.log").open("a") as log:
        running = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
            wait_for(lambda: is_up(http), UP_WITHIN_SECONDS)
            login = http.post("/api/desk/login", json={"name": "boss", "password": PASSWORD})
            assert login.status_code == 200, login.text
            yield http
    finally:
        running.kill()  # no farewell: what is not kept is lost
        running.wait(60)


def is_up(http: httpx.Client) -> bool:
    try:
        return http.get("/healthz").status_code == 200
    except httpx.HTTPError:
        return False


def wait_for(condition: Any, seconds: float) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "it did not come to be"
        time.sleep(0.2)


def the_ticket(http: httpx.Client) -> dict[str, Any]:
    (ticket,) = http.get("/api/desk/tickets").json()["tickets"]
    return ticket


def breached_at(home: Path) -> datetime | None:
    """When the ticket's clock was broken, as it is kept."""
    with closing(sqlite3.connect(home / "fangxin.db")) as database:
        (kept,) = database.execute("SELECT breached_at FROM sla_clock").fetchone()
    return datetime.fromisoformat(kept).replace(tzinfo=UTC) if kept else None


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy's home with its database and one account."""
    settings = Settings(home=tmp_path, database_url="", _env_file=None)
    upgrade(settings.database)
    command = [sys.executable, "-c", "from bot.cli import main; main()", "user", "add", "boss"]
    subprocess.run(
        [*command, "--display-name", "陈主管", "--role", "supervisor", "--password-stdin"],
        input=PASSWORD,
        text=True,
        check=True,
        cwd=ROOT,
        env={
            **os.environ,
            "FANGXIN_HOME": str(tmp_path),
            "FANGXIN_DATABASE_URL": "",
            "PYTHONPATH": str(ROOT),
        },
    )
    return tmp_path


def test_a_clock_is_right_to_the_second_after_a_restart_at_another_hour(home: Path) -> None:
    """Queued shortly before the noon break; what is left of the quarter runs on from half past one."""
    token = Settings(home=home, _env_file=None).secret("console_token")
    with service(home, "2026-11-24T11:50:00+08:00") as http:
        headers = {"Authorization": f"Bearer {token}"}
        asked = http.post("/channels/console", json={"text": "转人工"}, headers=headers)
        assert asked.json()["ticket"], asked.text
        ticket = the_ticket(http)
    created = datetime.fromisoformat(ticket["created_at"])
    due = datetime.fromisoformat(ticket["first_reply_due_at"])
    assert due - created == timedelta(minutes=15 + 90)
    in_the_break = due - timedelta(minutes=30)
    with service(home, in_the_break.isoformat()) as http:
        again = the_ticket(http)
        assert (again["id"], again["first_reply_due_at"]) == (ticket["id"], ticket["first_reply_due_at"])
        assert breached_at(home) is None
    an_hour_late = due + timedelta(hours=1)
    with service(home, an_hour_late.isoformat()) as http:
        wait_for(lambda: the_ticket(http)["priority"] == "urgent", RINGS_WITHIN_SECONDS)
    assert breached_at(home) == due
