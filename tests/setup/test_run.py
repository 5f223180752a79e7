"""What the processes are told, and what is refused before anything is started."""

from __future__ import annotations

import socket
from datetime import timedelta
from pathlib import Path

import pytest

from bot.settings import Settings
from scripts.progress import SetupFailed
from scripts.run import (
    EXITED,
    STARTED,
    News,
    environment,
    refuse_taken_ports,
    supervisor_pid,
    supervisor_socket,
)


def settings(home: Path, **values: object) -> Settings:
    return Settings(home=home, _env_file=None, **values)  # type: ignore[arg-type, call-arg]


def test_every_process_is_told_the_same_copy(tmp_path: Path) -> None:
    own = settings(tmp_path, http_port=8401, rasa_port=8402, action_port=8403)
    env = environment(own, "models/fangxin-1.tar.gz")
    assert env["FANGXIN_HOME"] == str(tmp_path)
    assert (env["FANGXIN_HTTP_PORT"], env["FANGXIN_RASA_PORT"], env["FANGXIN_ACTION_PORT"]) == (
        "8401",
        "8402",
        "8403",
    )
    assert env["FANGXIN_ACTION_URL"] == "http://127.0.0.1:8403"
    assert env["FANGXIN_TRACKER_DB"] == str(tmp_path / "tracker.db")
    assert env["FANGXIN_MODEL"] == "models/fangxin-1.tar.gz"
    assert env["FANGXIN_RASA_TOKEN"] == own.secret("rasa_token")


def test_a_process_started_again_keeps_the_shifted_time(tmp_path: Path) -> None:
    first = settings(tmp_path, now="2027-02-06T09:00:00+08:00")
    env = environment(first, "")
    again = settings(
        tmp_path, now="2027-02-06T09:00:00+08:00", clock_offset_seconds=env["FANGXIN_CLOCK_OFFSET_SECONDS"]
    )
    assert abs(again.clock.offset - first.clock.offset) < timedelta(seconds=1)
    assert again.clock.offset.total_seconds() == float(env["FANGXIN_CLOCK_OFFSET_SECONDS"])


def test_production_ignores_the_shifted_time(tmp_path: Path) -> None:
    own = settings(tmp_path, environment="production", now="2027-02-06T09:00:00+08:00")
    assert "FANGXIN_CLOCK_OFFSET_SECONDS" not in environment(own, "")


def test_a_taken_port_is_named_with_its_setting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SetupFailed, match=rf"{port}.*FANGXIN_RASA_PORT"):
            refuse_taken_ports(settings(tmp_path, http_port=0, rasa_port=port, action_port=0))


def test_free_ports_are_fine(tmp_path: Path) -> None:
    refuse_taken_ports(settings(tmp_path, http_port=0, rasa_port=0, action_port=0))


def test_a_long_home_gets_a_socket_path_that_the_kernel_takes() -> None:
    deep, other = Path("/" + "x" * 200), Path("/" + "y" * 200)
    assert len(str(supervisor_socket(deep))) < 100
    assert supervisor_socket(deep) != supervisor_socket(other)
    assert supervisor_socket(Path("/srv/fangxin")) == Path("/srv/fangxin/run/supervisor.sock")


@pytest.mark.parametrize("content", ["", "not a number", "4194305", "1"])
def test_a_stale_pid_file_is_no_running_supervisor(tmp_path: Path, content: str) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "supervisord.pid").write_text(content)
    assert supervisor_pid(tmp_path) is None


def test_news_are_only_what_is_new(tmp_path: Path) -> None:
    log = tmp_path / "supervisord.log"
    log.write_text("2026 INFO exited: rasa (exit status 1; not expected)\n")
    news = News(log)
    with log.open("a") as more:
        more.write(
            "2026 WARN exited: rasa (terminated by SIGKILL; not expected)\n2026 INFO spawned: 'rasa' with pid 7\n2026"
        )
    assert list(news.fresh()) == [
        ("rasa", f"{EXITED} (terminated by SIGKILL; not expected)"),
        ("rasa", STARTED),
    ]
    assert list(news.fresh()) == []
