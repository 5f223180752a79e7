"""``fangxin wechat``: the account's menu from the command line."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

from bot.settings import ROOT
from bot.store.migrate import upgrade
from tests.channels.wechat.platform import APP_ID, SECRET, Platform, serving


def fangxin(home: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    program = "from bot.cli import main; main()"
    environment = {**os.environ, "FANGXIN_HOME": str(home), "PYTHONPATH": str(ROOT), **changes}
    return subprocess.run(
        [sys.executable, "-c", program, "wechat", *arguments], env=environment, capture_output=True, text=True
    )


async def test_the_menu_is_shown_pushed_and_refused(tmp_path):
    upgrade_url = f"sqlite+aiosqlite:///{tmp_path / 'fangxin.db'}"
    await asyncio.to_thread(upgrade, upgrade_url)
    async with serving(Platform()) as platform:
        account = {
            "FANGXIN_WECHAT_APP_ID": APP_ID,
            "FANGXIN_WECHAT_APP_SECRET": SECRET,
            "FANGXIN_WECHAT_API_URL": platform.url,
        }
        shown = await asyncio.to_thread(fangxin, tmp_path, "menu", "show")
        pushed = await asyncio.to_thread(lambda: fangxin(tmp_path, "menu", "push", **account))
        assert (pushed.returncode, pushed.stderr) == (0, "")
        assert platform.menus == [json.loads(shown.stdout)]
        platform.errors["/cgi-bin/menu/create"] = [40018]
        refused = await asyncio.to_thread(lambda: fangxin(tmp_path, "menu", "push", **account))
        assert (refused.returncode, "40018" in refused.stderr) == (1, True)
        platform.is_down = True
        down = await asyncio.to_thread(lambda: fangxin(tmp_path, "menu", "push", **account))
        assert down.returncode == 3
    assert (await asyncio.to_thread(fangxin, tmp_path, "menu", "push")).returncode == 2
