"""One started stack a run: the real service, action server and Rasa with the trained model, under the supervisor."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bot.settings import ROOT, Settings
from tests.e2e.platforms import Platforms, platforms_listening

READY_WITHIN_SECONDS = 300
#: A Tuesday morning in staffed hours, so that hours and holidays do not depend on the day of the run.
NOW = "2026-11-24T10:00:00+08:00"
BROWSERS = ("chromium", "chromium-browser")
#: Without these Chromium looks up its makers' hosts at every start.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass
class Stack:
    """Everything running, and the ways to it."""

    url: str
    settings: Settings
    logins: dict[str, str]
    http: httpx.Client  #: as the console channel's token holder
    rasa: httpx.Client  #: as the service talks to Rasa
    platforms: Platforms

    def ask(self, text: str, conversation: str | None = None, **more: Any) -> dict[str, Any]:
        """One turn over the console channel."""
        body = {"text": text, "conversation": conversation, **more}
        response = self.http.post("/channels/console", json=body)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def press(self, title: str, conversation: str, replies: list[dict[str, Any]]) -> dict[str, Any]:
        """Press the button with this title among ``replies``."""
        options = [
            option for part in replies if part["kind"] == "quick_replies" for option in part["options"]
        ]
        payload = next((option["payload"] for option in options if option["title"] == title), None)
        assert payload is not None, f"no button {title!r} among {[option['title'] for option in options]}"
        return self.ask("", conversation, payload=payload, title=title)

    def rasa_embed(self, texts: list[str]) -> list[list[float]]:
        """Sentence vectors from the running model."""
        response = self.rasa.post("/webhooks/fangxin/embed", json={"texts": texts})
        response.raise_for_status()
        vectors: list[list[float]] = response.json()["vectors"]
        return vectors

    def code_for(self, whom: str) -> str:
        """The last one-time code that the development provider logged for an application, or a masked phone."""
        lines = (self.settings.home / "log" / "actions.log").read_text(encoding="utf-8").splitlines()
        for line in reversed(lines):
            if "verification.code_sent" in line:
                event = json.loads(line[line.index("{") :])
                if whom in (event["application_no"], event["phone_masked"]):
                    return str(event["code"])
        raise AssertionError(f"no code was sent for {whom}")

    def supervisor(self, order: str, process: str) -> None:
        """``stop``, ``start`` or ``restart`` one of the three processes."""
        subprocess.run(
            [
                str(Path(sys.executable).parent / "supervisorctl"),
                "-c",
                str(ROOT / "deploy" / "supervisord.conf"),
                order,
                process,
            ],
            env={**os.environ, **self._supervisor_env()},
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def pid_of(self, process: str) -> int:
        """The process id as the supervisor knows it."""
        listed = subprocess.run(
            [
                str(Path(sys.executable).parent / "supervisorctl"),
                "-c",
                str(ROOT / "deploy" / "supervisord.conf"),
                "pid",
                process,
            ],
            env={**os.environ, **self._supervisor_env()},
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return int(listed.stdout)

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < deadline:
            try:
                if self.http.get("/readyz").status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        raise AssertionError("the stack did not become ready again")

    def _supervisor_env(self) -> dict[str, str]:
        from scripts.run import environment

        return environment(self.settings, "")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def newest_model() -> str:
    given = os.environ.get("FANGXIN_MODEL")
    if given:
        return given
    models = sorted((ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        pytest.fail("no trained model: `make test` trains one, and `make train` does it alone")
    return str(models[-1])


@pytest.fixture(scope="session")
def platforms() -> Iterator[Platforms]:
    """Telegram and WeChat, for the stack."""
    with platforms_listening() as listening:
        yield listening


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, platforms: Platforms) -> Iterator[Stack]:
    """Started the way ``make run`` starts it, on ports and with a home of its own."""
    home = tmp_path_factory.mktemp("stack")
    settings = Settings(
        home=home,
        http_port=free_port(),
        rasa_port=free_port(),
        action_port=free_port(),
        database_url="",
        redis_url="",
        _env_file=None,
    )
    env = {
        **os.environ,
        "FANGXIN_HOME": str(home),
        "FANGXIN_HTTP_PORT": str(settings.http_port),
        "FANGXIN_RASA_PORT": str(settings.rasa_port),
        "FANGXIN_ACTION_PORT": str(settings.action_port),
        "FANGXIN_DATABASE_URL": "",
        "FANGXIN_REDIS_URL": "",
        "FANGXIN_MODEL": newest_model(),
        "FANGXIN_NOW": NOW,
        **platforms.environment(),
        "PYTHONPATH": str(ROOT),
    }
    output = home / "run.log"
    with output.open("w") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "scripts.run"], cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while "已就绪" not in (said := output.read_text(encoding="utf-8")):
            assert running.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.2)
        logins = dict(
            line.split("\t")[:2] for line in (home / "demo_logins.txt").read_text("utf-8").splitlines()
        )
        url = settings.base_url
        with (
            httpx.Client(
                base_url=url,
                headers={"Authorization": f"Bearer {settings.secret('console_token')}"},
                timeout=60,
            ) as http,
            httpx.Client(
                base_url=settings.rasa_url,
                headers={"X-Fangxin-Token": settings.secret("rasa_token")},
                timeout=60,
            ) as rasa,
        ):
            platforms.wechat.service_url = url
            yield Stack(url, settings, logins, http, rasa, platforms)
    finally:
        running.terminate()
        running.wait(60)
        keep_logs(home)


def keep_logs(home: Path) -> None:
    """Where FANGXIN_TEST_LOGS names a folder, what the processes said is left there."""
    folder = os.environ.get("FANGXIN_TEST_LOGS")
    if folder:
        shutil.copytree(home / "log", folder, dirs_exist_ok=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each file: its driver leaves an event loop running, in which no other test could start one."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.fail("no Chromium; `make test` installs it where it may")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def phone(browser: Browser, stack: Stack) -> Iterator[BrowserContext]:
    """A customer's phone."""
    context = browser.new_context(
        base_url=stack.url, viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True
    )
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def empty_queue(stack: Stack) -> None:
    """The customers of earlier tests wait no more: a desk with its own people has a queue of its own."""
    with httpx.Client(base_url=f"{stack.url}/api/desk") as supervisor:
        login = {"name": "zhuguan", "password": stack.logins["zhuguan"]}
        assert supervisor.post("/login", json=login).status_code == 200
        for ticket in supervisor.get("/tickets").json()["tickets"]:
            for act in ("take-over", "close"):
                done = supervisor.post(f"/tickets/{ticket['id']}/{act}", json={})
                assert done.status_code == 200, done.text
        supervisor.post("/presence", json={"presence": "away"})


@pytest.fixture
def office(browser: Browser, stack: Stack, empty_queue: None) -> Iterator[BrowserContext]:
    """An agent's screen."""
    context = browser.new_context(base_url=stack.url, viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.set_default_timeout(20_000)
    yield context
    context.close()


def yuan(text: str) -> str:
    """The figures of a text without their thousands separators."""
    return re.sub(r"(?<=\d),(?=\d{3})", "", text)
