"""Where and when a notice is told: once, on the first channel that takes it, or it is known why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.care.wiring import make_care
from bot.clock import FixedClock
from bot.conversation.notify import Notifier
from bot.conversation.outbox import Outbox
from bot.conversation.ports import DeliveryFailed, DeliveryInDoubt, DeliveryRefused
from bot.conversation.reach import Manner, Reach
from bot.knowledge.changes import PolicyChange
from bot.knowledge.units import Status
from bot.servicing.channel_identities import ChannelIdentities
from bot.servicing.contact import NoticeKind, Wish
from bot.servicing.errors import NotVerified
from tests.care.conftest import FORM, Bench, Blocked

NOBODY_WATCHES = Reach(Manner.MESSAGE, is_watched=False)
CLOSED = Reach(Manner.NONE, "window closed")
TOLD = [("told", None)]
#: The reminder as somebody verified reads it.
WORDS = "提醒您一声：12月31日要还5388.54元，从尾号4321的账户扣，请提前一天存好。"


async def test_the_channel_used_last_is_told_and_no_other(bench: Bench) -> None:
    await bench.bound("wechat", minutes_ago=30)
    telegram = await bench.bound("telegram", minutes_ago=5)
    await bench.asks_for_reminders(telegram)
    assert await bench.due()
    await bench.works()
    assert bench.heard("telegram") == [WORDS]
    assert bench.heard("wechat") == []
    assert bench.options("telegram")[-1] == '/application_status{"following": "stop.repayment_due"}'
    assert await bench.states() == TOLD
    assert await bench.attempts() == [("telegram", "message", "sent")]


async def test_the_preferred_channel_goes_before_the_one_used_last(bench: Bench) -> None:
    await bench.bound("wechat", minutes_ago=30)
    telegram = await bench.bound("telegram")
    await bench.asks_for_reminders(telegram)
    assert await bench.wishes(telegram, Wish.CHANNEL, channel="wechat")
    await bench.due(home=telegram)
    await bench.works()
    assert (len(bench.heard("wechat")), len(bench.heard("telegram"))) == (1, 0)


async def test_a_channel_that_is_wished_for_and_unknown_is_said_to_be(bench: Bench) -> None:
    wechat = await bench.bound("wechat")
    assert not await bench.wishes(wechat, Wish.CHANNEL, channel="telegram")


async def test_the_same_thing_twice_is_told_once(bench: Bench) -> None:
    await bench.asks_for_reminders(await bench.bound("telegram"))
    assert await bench.due(loan_id=7)
    assert not await bench.due(loan_id=7)
    await bench.works()
    assert len(bench.heard("telegram")) == 1


async def test_somebody_who_blocked_us_is_told_on_the_next_channel(bench: Bench) -> None:
    bench.channels["telegram"] = Blocked(bench.channels["telegram"].profile, bench.words)
    bench.outbox = Outbox(bench.sessions, bench.clock, bench.channels)
    await bench.bound("wechat", minutes_ago=30)
    await bench.asks_for_reminders(await bench.bound("telegram"))
    await bench.due()
    await bench.works()
    assert len(bench.heard("wechat")) == 1
    assert await bench.attempts() == [("telegram", "message", "failed"), ("wechat", "message", "sent")]


async def test_a_platform_that_is_away_is_tried_again_and_then_the_next(bench: Bench) -> None:
    """Within the patience of the fact the outbox retries; after it the message is called back."""
    bench.channels["telegram"].failures = 1
    await bench.bound("wechat", minutes_ago=30)
    await bench.asks_for_reminders(await bench.bound("telegram"))
    await bench.due()
    await bench.works()
    assert (len(bench.heard("telegram")), await bench.states()) == (1, TOLD)
    bench.channels["telegram"].failures = 100
    await bench.due()
    await bench.works()
    assert len(bench.heard("wechat")) == 0
    bench.clock.advance(minutes=31)
    await bench.works()
    bench.channels["telegram"].failures = 0
    bench.clock.advance(hours=1)
    await bench.works()
    assert (len(bench.heard("telegram")), len(bench.heard("wechat"))) == (1, 1)
    assert (await bench.attempts())[1:] == [
        ("telegram", "message", "failed"),
        ("wechat", "message", "sent"),
    ]


async def test_without_another_channel_the_outbox_goes_on_trying(bench: Bench) -> None:
    bench.channels["telegram"].failures = 12
    await bench.asks_for_reminders(await bench.bound("telegram"))
    await bench.due()
    for _ in range(20):
        await bench.works(1)
        bench.clock.advance(minutes=6)
    assert (len(bench.heard("telegram")), await bench.states()) == (1, TOLD)


async def test_outside_the_window_a_form_is_filled_in(bench: Bench) -> None:
    bench.rules["wechat"].answer = FORM
    await bench.asks_for_reminders(await bench.bound("wechat"))
    await bench.due()
    await bench.works()
    values = {"subject": "还款日快到了", "detail": "请提前一天存好", "at": "2026-12-31"}
    assert bench.rules["wechat"].forms == [("kate", "reminder", values)]
    assert await bench.attempts() == [("wechat", "template", "sent")]
    assert await bench.stored() == 0


async def test_a_platform_that_allows_nothing_is_passed_over_and_noted(bench: Bench) -> None:
    bench.rules["wechat"].answer = CLOSED
    await bench.bound("telegram", minutes_ago=9)
    await bench.asks_for_reminders(await bench.bound("wechat"))
    await bench.due()
    await bench.works()
    assert await bench.attempts() == [("wechat", "none", "barred"), ("telegram", "message", "sent")]


async def test_where_no_channel_takes_it_that_is_the_end_and_known(bench: Bench) -> None:
    bench.rules["wechat"].answer = CLOSED
    await bench.asks_for_reminders(await bench.bound("wechat"))
    await bench.due()
    await bench.works()
    assert await bench.states() == [("untold", "no channel takes it")]


@pytest.mark.parametrize(
    ("failure", "then"),
    [(DeliveryRefused("no"), ("failed", 0)), (DeliveryFailed("later"), ("sent", 1))],
)
async def test_a_form_that_was_not_taken(bench: Bench, failure: Exception, then: tuple[str, int]) -> None:
    """Refused, it is not sent there; not taken now, it is tried again."""
    bench.rules["wechat"].answer = FORM
    bench.rules["wechat"].failures = [failure]
    await bench.asks_for_reminders(await bench.bound("wechat"))
    await bench.due()
    await bench.works()
    assert ((await bench.attempts())[0][2], len(bench.rules["wechat"].forms)) == then


async def test_what_a_platform_never_answered_is_not_repeated(bench: Bench) -> None:
    bench.rules["wechat"].answer = FORM
    bench.rules["wechat"].failures = [DeliveryInDoubt("ReadTimeout")]
    await bench.bound("telegram", minutes_ago=9)
    await bench.asks_for_reminders(await bench.bound("wechat"))
    await bench.due()
    await bench.works()
    bench.clock.advance(hours=2)
    await bench.works()
    assert await bench.states() == [("doubtful", "ReadTimeout")]
    assert (bench.rules["wechat"].forms, bench.heard("telegram")) == ([], [])


async def test_a_page_that_nobody_watches_keeps_it_and_the_next_channel_is_told_too(bench: Bench) -> None:
    bench.rules["web"].answer = NOBODY_WATCHES
    web = await bench.bound("web")
    await bench.bound("telegram", minutes_ago=30)
    await bench.asks_for_reminders(web)
    await bench.due(home=web)
    await bench.works()
    assert (len(bench.heard("web")), len(bench.heard("telegram"))) == (1, 1)
    assert await bench.attempts() == [("web", "message", "stored"), ("telegram", "message", "sent")]
    assert await bench.states() == TOLD


async def test_a_page_that_nobody_watches_will_do_where_there_is_no_other(bench: Bench) -> None:
    bench.rules["web"].answer = NOBODY_WATCHES
    web = await bench.bound("web")
    await bench.asks_for_reminders(web)
    await bench.due(home=web)
    await bench.works()
    assert await bench.states() == [("told", "stored until the customer looks")]


async def test_a_page_that_is_watched_is_enough(bench: Bench) -> None:
    web = await bench.bound("web")
    await bench.bound("telegram", minutes_ago=30)
    await bench.asks_for_reminders(web)
    await bench.due(home=web)
    await bench.works()
    assert (len(bench.heard("web")), bench.heard("telegram")) == (1, [])


async def test_where_the_proof_has_grown_old_no_amount_is_said(bench: Bench) -> None:
    web = await bench.bound("web")
    await bench.asks_for_reminders(web)
    bench.clock.advance(hours=2)
    await bench.due(home=web)
    await bench.works()
    assert bench.heard("web") == ["提醒您一声：12月31日是还款日，请提前一天把钱存进还款账户。"]


async def test_who_said_that_they_are_gone_is_told_nothing_there(bench: Bench) -> None:
    web = await bench.bound("web")
    await bench.asks_for_reminders(web)
    async with bench.sessions.begin() as session:
        await ChannelIdentities(bench.clock, bench.policy).revoke(session, web, "asked")
    await bench.due(home=web)
    await bench.works()
    assert (bench.heard("web"), await bench.states()) == ([], [("untold", "no channel takes it")])


async def test_time_goes_on_while_we_work(bench: Bench) -> None:
    """What is due now is not put off because the next look at the clock is a little later."""

    class Running(FixedClock):
        def now(self) -> datetime:
            self.at += timedelta(milliseconds=1)
            return self.at

    clock = Running(bench.clock.at)
    bench.work = make_care(bench.sessions, clock, bench.policy, bench.words, Notifier(), bench.rules, {})
    bench.outbox = Outbox(bench.sessions, clock, bench.channels)
    running = replace(bench, clock=clock)
    await running.asks_for_reminders(await running.bound("telegram"))
    await running.due()
    await running.works(3)
    assert (len(bench.heard("telegram")), await bench.states()) == (1, TOLD)


class TestWishes:
    async def test_reminders_are_for_those_who_asked(self, bench: Bench) -> None:
        await bench.bound("telegram")
        await bench.due()
        await bench.works()
        assert await bench.states() == [("declined", "the customer wants none")]

    async def test_no_more_of_one_kind_or_of_all_and_back(self, bench: Bench) -> None:
        telegram = await bench.bound("telegram")
        await bench.asks_for_reminders(telegram)
        await bench.wishes(telegram, Wish.STOP, kind=NoticeKind.REPAYMENT_DUE)
        await bench.due()
        await bench.asks_for_reminders(telegram)
        await bench.wishes(telegram, Wish.STOP)
        await bench.due()
        await bench.works()
        assert [state for state, _ in await bench.states()] == ["declined", "declined"]
        await bench.wishes(telegram, Wish.RESUME)
        await bench.due()
        await bench.works()
        assert len(bench.heard("telegram")) == 1

    async def test_to_stop_no_fresh_proof_is_needed_and_to_resume_one_is(self, bench: Bench) -> None:
        web = await bench.bound("web")
        await bench.asks_for_reminders(web)
        bench.clock.advance(hours=5)
        await bench.wishes(web, Wish.STOP)
        with pytest.raises(NotVerified):
            await bench.wishes(web, Wish.RESUME)


class TestHours:
    @pytest.mark.parametrize(
        ("now", "told_at"),
        [
            ("2026-11-24T21:30", "2026-11-25T08:00"),
            ("2026-11-25T00:30", "2026-11-25T08:00"),  # the same night, after midnight
            ("2026-11-25T07:59", "2026-11-25T08:00"),
            ("2026-11-27T23:00", "2026-11-28T09:00"),  # into a Saturday
            ("2026-10-05T22:00", "2026-10-06T09:00"),  # a Tuesday of the National Day holiday
            ("2026-10-09T22:00", "2026-10-10T08:00"),  # a Saturday that is worked
        ],
    )
    async def test_at_night_it_waits_for_the_morning(self, bench: Bench, now: str, told_at: str) -> None:
        bench.at(now)
        await bench.asks_for_reminders(await bench.bound("telegram"))
        await bench.due()
        await bench.works(1)
        assert await bench.states() == [("waiting", "quiet hours")]
        bench.at(told_at)
        bench.clock.advance(seconds=-1)
        await bench.works(1)  # ends nine seconds after
        assert bench.heard("telegram") == []
        await bench.works(3)
        assert (len(bench.heard("telegram")), await bench.states()) == (1, TOLD)

    async def test_who_wants_quiet_evenings_hears_by_day(self, bench: Bench) -> None:
        telegram = await bench.bound("telegram")
        await bench.asks_for_reminders(telegram)
        await bench.wishes(telegram, Wish.SPARE_EVENINGS)
        bench.at("2026-11-24T19:00")
        await bench.due()
        await bench.works(2)
        assert await bench.states() == [("waiting", "quiet hours")]
        bench.at("2026-11-25T09:00")
        await bench.works(2)
        assert len(bench.heard("telegram")) == 1

    async def test_what_was_not_sent_by_nightfall_waits_for_the_morning_too(self, bench: Bench) -> None:
        """A platform that comes back at three does not wake anybody."""
        bench.channels["telegram"].failures = 3
        bench.at("2026-11-24T20:58")
        await bench.asks_for_reminders(await bench.bound("telegram"))
        await bench.due()
        await bench.works(2)
        bench.at("2026-11-24T21:00")
        await bench.works(2)
        bench.channels["telegram"].failures = 0
        bench.at("2026-11-25T03:00")
        await bench.works(2)
        assert bench.heard("telegram") == []
        bench.at("2026-11-25T08:00")
        await bench.works(3)
        assert (len(bench.heard("telegram")), await bench.states()) == (1, TOLD)

    async def test_what_the_fact_calls_urgent_does_not_wait(self, bench: Bench) -> None:
        urgent = PolicyChange(
            id=1,
            key="care.urgent_kinds",
            region="CN",
            value=["repayment_due"],
            effective_from=date(2026, 11, 1),
            effective_to=None,
            source="行内通知",
            status=Status.BANK,
            verified_on=date(2026, 11, 1),
            review_by=None,
            author="陈主管",
            made_at=bench.clock.now(),
        )
        policy = bench.policy.changed_by([urgent])
        bench.work = make_care(bench.sessions, bench.clock, policy, bench.words, Notifier(), bench.rules, {})
        bench.at("2026-11-24T23:00")
        await bench.asks_for_reminders(await bench.bound("telegram"))
        await bench.due()
        await bench.works(2)
        assert len(bench.heard("telegram")) == 1

    async def test_more_than_the_day_s_number_waits_for_the_next_day(self, bench: Bench) -> None:
        await bench.asks_for_reminders(await bench.bound("telegram"))
        for _ in range(4):
            await bench.due()
        await bench.works()
        assert len(bench.heard("telegram")) == 3
        assert (await bench.states())[3] == ("waiting", "daily limit")
        bench.at("2026-11-25T08:00")
        await bench.works(2)
        assert len(bench.heard("telegram")) == 4

    async def test_what_comes_too_late_is_not_told(self, bench: Bench) -> None:
        bench.at("2026-11-24T22:00")
        await bench.asks_for_reminders(await bench.bound("telegram"))
        await bench.due(due_on=date(2026, 11, 24))
        await bench.works(1)
        bench.at("2026-11-25T08:00")
        await bench.works(1)
        assert await bench.states() == [("lapsed", "too late to be of use")]


class TestOnce:
    def another(self, bench: Bench) -> Bench:
        """A second replica, or the process after a restart."""
        work = make_care(
            bench.sessions,
            bench.clock,
            bench.policy,
            bench.words,
            Notifier(),
            bench.rules,
            {"wechat": bench.rules["wechat"]},
        )
        return replace(bench, work=work)

    async def test_two_replicas_tell_it_once(self, bench: Bench) -> None:
        other = self.another(bench)
        await bench.asks_for_reminders(await bench.bound("telegram"))
        await bench.due()
        for _ in range(3):
            await bench.works(1)
            await other.works(1)
        assert len(bench.heard("telegram")) == 1

    async def test_a_process_that_dies_before_it_stores_has_told_nothing(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await bench.asks_for_reminders(await bench.bound("telegram"))
        await bench.due()

        async def dies(*args: object, **kwargs: object) -> None:
            raise ConnectionError("gone")

        with monkeypatch.context() as patched:
            patched.setattr("bot.conversation.store.Log.append", dies)
            await bench.works(1)
        assert await bench.attempts() == []
        bench.clock.advance(minutes=2)  # the lease is over
        await self.another(bench).works(3)
        assert len(bench.heard("telegram")) == 1

    async def test_a_process_that_dies_after_it_stored_does_not_store_it_again(self, bench: Bench) -> None:
        await bench.asks_for_reminders(await bench.bound("telegram"))
        await bench.due()
        await bench.work.delivery.tell_due()  # and dies: the outbox of another goes on
        bench.clock.advance(minutes=2)
        await self.another(bench).works()
        assert (len(bench.heard("telegram")), await bench.stored()) == (1, 1)

    async def test_a_process_that_dies_over_a_form_leaves_it_in_doubt(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bench.rules["wechat"].answer = FORM
        await bench.bound("telegram", minutes_ago=9)
        await bench.asks_for_reminders(await bench.bound("wechat"))
        await bench.due()

        async def dies(*args: object, **kwargs: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(bench.rules["wechat"], "send_template", dies)
            with pytest.raises(KeyboardInterrupt):
                await bench.work.delivery.tell_due()
        bench.clock.advance(minutes=2)
        await self.another(bench).works()
        assert await bench.states() == [("doubtful", "cut off")]
        assert (bench.rules["wechat"].forms, bench.heard("telegram")) == ([], [])
