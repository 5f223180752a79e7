"""Polling, for a machine without a public address: nothing is lost or taken twice, whenever the process stops."""

from __future__ import annotations

from tests.channels.telegram.conftest import talking


async def test_updates_are_fetched_and_confirmed_only_once_they_are_kept(tmp_path, platform):
    platform.webhook = {"url": "https://old.example"}  # of an earlier set-up, which has to go first
    async with talking(tmp_path, platform, "polling") as customer:
        updates = [customer.update(text=text) for text in "甲乙"]
        platform.put(*updates, updates[0])
        assert await customer.sees(1) == ["「甲\n乙」"]
        await platform.until(lambda: platform.waiting == [])
        asked = platform.called("getUpdates")
        assert "offset" not in asked[0]
        assert int(asked[-1]["offset"]) == updates[-1]["update_id"] + 1
        assert (await customer.service.http.post("/channels/telegram")).status_code in (404, 405)


async def test_a_restarted_process_goes_on_where_the_last_one_stopped(tmp_path, platform):
    async with talking(tmp_path, platform, "polling") as customer:
        first = customer.update(text="甲")
        platform.put(first)
        await customer.sees(1)
    platform.calls.clear()
    platform.waiting = [first]  # Telegram did not hear the confirmation
    async with talking(tmp_path, platform, "polling") as customer:
        next(customer.numbers)
        platform.put(customer.update(text="乙"))
        assert await customer.sees(2) == ["「甲」", "「乙」"]
        asked = platform.called("getUpdates")
        assert int(asked[0]["offset"]) == first["update_id"] + 1
