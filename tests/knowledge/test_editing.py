"""Edits: in force on their day without a restart, refused when they break something, and taken back without a trace
in what customers are told."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bot.clock import FixedClock
from bot.knowledge import Library, PolicyBook
from bot.knowledge.changes import AnswerChange, Edits, PolicyChange
from bot.knowledge.editing import Editing, SetAnswer, SetFact, edits_of, follow_edits
from bot.knowledge.errors import EditRefused, NoFactForDay, UnknownChange, UnknownFact
from bot.knowledge.library import CurrentPolicy
from bot.knowledge.units import Status
from bot.store.engine import Sessions
from tests.knowledge.conftest import KNOWLEDGE

TODAY = date(2026, 11, 24)
NOTICE = "prepayment.full_notice"
WELCOME = (KNOWLEDGE / "answers" / "thanks" / "welcome.md").read_text(encoding="utf-8")


@pytest.fixture
def editing(sessions: Sessions, clock: FixedClock) -> Editing:
    return Editing(sessions, clock, KNOWLEDGE)


def notice(value: str = "15", since: date = date(2026, 12, 1), until: date | None = None) -> SetFact:
    return SetFact(
        key=NOTICE,
        value=value,
        effective_from=since,
        effective_to=until,
        author="王主管",
        source="行内通知",
    )


async def policy_of(editing: Editing) -> PolicyBook:
    return PolicyBook.load(KNOWLEDGE / "policy").changed_by((await editing.in_force(TODAY)).policy)


async def test_a_change_holds_from_its_day_and_says_who_made_it(editing: Editing) -> None:
    change = await editing.set_fact(notice())
    policy = await policy_of(editing)
    assert policy.fact(NOTICE, date(2026, 11, 30)).number == 10
    fact = policy.fact(NOTICE, date(2026, 12, 1))
    assert (fact.number, fact.source, fact.status) == (15, "行内通知", Status.BANK)
    assert (fact.verified_on, fact.review_by) == (TODAY, date(2027, 5, 31))
    assert (change.name, change.author) == ("p1", "王主管")
    assert change.made_at == datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


async def test_what_was_taken_back_no_longer_holds_and_stays_in_the_history(
    editing: Editing, clock: FixedClock
) -> None:
    change = await editing.set_fact(notice(since=TODAY))
    assert (await policy_of(editing)).fact(NOTICE, TODAY).number == 15
    clock.advance(minutes=5)
    await editing.take_back(change.name, "李主管")
    assert (await policy_of(editing)).fact(NOTICE, TODAY).number == 10
    (kept,) = await editing.history(NOTICE)
    assert (kept.author, kept.taken_back_by) == ("王主管", "李主管")
    assert kept.taken_back_at == clock.now()
    with pytest.raises(UnknownChange):
        await editing.take_back(change.name, "李主管")
    with pytest.raises(UnknownChange):
        await editing.take_back("p99", "李主管")


async def test_after_a_change_with_a_last_day_the_old_value_goes_on(editing: Editing) -> None:
    await editing.set_fact(notice("20", date(2026, 12, 1), date(2026, 12, 10)))
    policy = await policy_of(editing)
    days = [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 10), date(2026, 12, 11)]
    assert [policy.fact(NOTICE, day).whole for day in days] == [10, 20, 20, 10]
    assert policy.check() == ()


async def test_a_later_change_lies_over_an_earlier_one(editing: Editing) -> None:
    await editing.set_fact(notice("20", date(2026, 12, 1)))
    second = await editing.set_fact(notice("30", date(2026, 12, 1)))
    assert (await policy_of(editing)).fact(NOTICE, date(2026, 12, 1)).number == 30
    await editing.take_back(second.name, "李")
    assert (await policy_of(editing)).fact(NOTICE, date(2026, 12, 1)).number == 20


async def test_a_back_dated_change_ends_where_the_next_value_begins(editing: Editing) -> None:
    """The quote of October 2024 is corrected; the one of May 2025 stays."""
    await editing.set_fact(
        SetFact(
            key="lpr.over_5y",
            value="3.65",
            effective_from=date(2024, 10, 21),
            author="王",
            source="更正",
            status=Status.REPORTED,
            verified_on=date(2026, 11, 20),
        )
    )
    policy = await policy_of(editing)
    assert policy.fact("lpr.over_5y", date(2024, 10, 20)).number == Decimal("3.85")
    assert policy.fact("lpr.over_5y", date(2025, 5, 19)).number == Decimal("3.65")
    assert policy.fact("lpr.over_5y", date(2025, 5, 20)).number == Decimal("3.50")
    assert policy.fact("lpr.over_5y", date(2025, 5, 19)).verified_on == date(2026, 11, 20)


async def test_a_region_can_get_a_value_of_its_own(editing: Editing) -> None:
    key = "down_payment.commercial_second_min"
    await editing.set_fact(
        SetFact(key=key, value="20", region="天津", effective_from=TODAY, author="王", source="天津通知")
    )
    policy = await policy_of(editing)
    assert policy.fact(key, TODAY, region="天津").text == "20%"
    assert policy.fact(key, TODAY).text == "15%"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("reminders.days_before", ["7", "3", "1"]),
        ("approval.approval", ["2", "5"]),
        ("disbursement.after_completion", False),
        ("provident_fund.existing_loans_move_on", "02-01"),
        ("credit.one_off_repair_until", "2026-06-30"),
        ("service.phone", "95501"),
    ],
)
async def test_every_shape_and_unit_survives_the_database(editing: Editing, key: str, value: object) -> None:
    before = PolicyBook.load(KNOWLEDGE / "policy").fact(key, TODAY)
    await editing.set_fact(
        SetFact(key=key, value=value, effective_from=TODAY, author="王", source="通知")  # type: ignore[arg-type]
    )
    after = (await policy_of(editing)).fact(key, TODAY)
    assert type(after.value) is type(before.value)
    assert after.words != before.words
    assert (after.unit, after.shape) == (before.unit, before.shape)


@pytest.mark.parametrize(
    ("order", "complaint"),
    [
        (notice("abc"), "not a number"),
        (notice("-1"), "below zero"),
        (notice("15", date(2026, 12, 1), date(2026, 11, 30)), "before effective_from"),
        (
            SetFact(
                key=NOTICE, value="1", effective_from=TODAY, author="王", source="x", status=Status.REPORTED
            ),
            "belong together",
        ),
        (
            SetFact(key="approval.approval", value=["5", "2"], effective_from=TODAY, author="王", source="x"),
            "upside down",
        ),
        (
            SetFact(key="subsidy.rate", value="1", effective_from=date(2028, 1, 1), author="王", source="x"),
            "no value after 2027-09-30",
        ),
        (
            SetAnswer(answer="thanks/welcome", text="没有头", effective_from=TODAY, author="王"),
            "is not the folder's name",
        ),
        (
            SetAnswer(
                answer="thanks/welcome",
                text=WELCOME.replace("不客气", "收3%"),
                effective_from=TODAY,
                author="王",
            ),
            "'3%' must be a policy fact",
        ),
        (
            SetAnswer(
                answer="thanks/welcome",
                text=WELCOME.replace("不客气", "{{ policy('no.such') }}"),
                effective_from=date(2027, 1, 1),
                author="王",
            ),
            "no policy fact is called",
        ),
        (
            SetAnswer(answer="../welcome", text=WELCOME, effective_from=TODAY, author="王"),
            "an answer is called topic/slug",
        ),
    ],
)
async def test_an_edit_that_does_not_hold_together_is_refused_and_leaves_nothing(
    editing: Editing, order: SetFact | SetAnswer, complaint: str
) -> None:
    before = await editing.version()
    with pytest.raises(EditRefused, match=complaint):
        await editing.make([order])
    assert await editing.version() == before
    assert await editing.history() == ()


async def test_an_unknown_fact_cannot_be_set(editing: Editing) -> None:
    with pytest.raises(UnknownFact):
        await editing.set_fact(
            SetFact(key="lpr.ten_years", value="1", effective_from=TODAY, author="王", source="x")
        )


async def test_an_answers_new_text_is_used_from_its_day(editing: Editing) -> None:
    tomorrow = date(2026, 11, 25)
    text = WELCOME.replace("不客气", "别客气")
    change = await editing.set_answer(
        SetAnswer(answer="thanks/welcome", text=text, effective_from=tomorrow, author="王")
    )
    assert change.name == "a1"
    assert (await editing.in_force(TODAY)).texts == {}
    assert (await editing.in_force(tomorrow)).texts == {"thanks/welcome": text}
    assert await editing.history("thanks/welcome") == (change,)
    await editing.take_back("a1", "李")
    assert (await editing.in_force(tomorrow)).texts == {}


async def test_what_another_change_rests_on_cannot_be_taken_back(editing: Editing) -> None:
    """A new answer that became the topic's default needs the old one's step back, and the other way round."""
    new = WELCOME.replace("谢谢\n", "谢谢您\n")
    await editing.make(
        [
            SetAnswer(
                answer="thanks/welcome",
                text=WELCOME.replace("default: true\n", ""),
                effective_from=TODAY,
                author="王",
            ),
            SetAnswer(answer="thanks/other", text=new, effective_from=TODAY, author="王"),
        ]
    )
    with pytest.raises(EditRefused, match="one default answer, not 2"):
        await editing.take_back("a1", "王")
    assert len((await editing.in_force(TODAY)).texts) == 2


async def test_the_version_moves_with_every_change_and_every_taking_back(editing: Editing) -> None:
    seen = [await editing.version()]
    await editing.set_fact(notice())
    seen.append(await editing.version())
    await editing.take_back("p1", "王")
    seen.append(await editing.version())
    await editing.set_answer(
        SetAnswer(answer="thanks/welcome", text=WELCOME + "\n", effective_from=TODAY, author="王")
    )
    seen.append(await editing.version())
    assert len(set(seen)) == len(seen)


async def test_a_running_library_follows_the_edits_and_the_calendar(
    editing: Editing, clock: FixedClock
) -> None:
    library = Library(KNOWLEDGE)
    policy = CurrentPolicy(library)
    following = asyncio.create_task(follow_edits(library, editing, clock, every_seconds=0.01))

    async def until(is_so: object) -> None:
        for _ in range(500):
            library.refresh()
            if is_so():  # type: ignore[operator]
                return
            await asyncio.sleep(0.01)
        raise AssertionError

    try:
        await editing.set_fact(notice(since=TODAY))
        await until(lambda: policy.fact(NOTICE, TODAY).number == 15)
        await editing.take_back("p1", "王")
        await until(lambda: policy.fact(NOTICE, TODAY).number == 10)
        text = WELCOME.replace("不客气", "别客气")
        await editing.set_answer(
            SetAnswer(answer="thanks/welcome", text=text, effective_from=date(2026, 11, 25), author="王")
        )
        await asyncio.sleep(0.05)
        library.refresh()
        assert "不客气" in library.answers.default_of("thanks").short
        clock.advance(days=1)
        await until(lambda: "别客气" in library.answers.default_of("thanks").short)
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following


async def test_a_database_that_is_away_keeps_the_last_books(clock: FixedClock) -> None:
    class Away:
        asked = 0

        async def version(self) -> tuple[int, ...]:
            self.asked += 1
            raise OSError

    library, away = Library(KNOWLEDGE), Away()
    following = asyncio.create_task(
        follow_edits(library, away, clock, every_seconds=0.01)  # type: ignore[arg-type]
    )
    while away.asked < 2:
        await asyncio.sleep(0.01)
    following.cancel()
    assert not library.refresh()


def change_of(number: int, **fields: object) -> PolicyChange:
    given: dict[str, object] = {
        "id": number,
        "key": NOTICE,
        "region": "CN",
        "value": "15",
        "effective_from": TODAY,
        "effective_to": None,
        "source": "x",
        "status": Status.BANK,
        "verified_on": TODAY,
        "review_by": None,
        "author": "王",
        "made_at": datetime(2026, 11, 24, tzinfo=UTC),
    }
    return PolicyChange(**{**given, **fields})  # type: ignore[arg-type]


def test_a_change_that_no_longer_fits_is_left_out_and_the_others_hold() -> None:
    """The files may be changed under an edit that was once accepted."""
    library = Library(KNOWLEDGE)
    library.use(Edits((change_of(1, key="gone.fact"), change_of(2))))
    assert library.refresh()
    assert library.policy.fact(NOTICE, TODAY).number == 15
    assert [problem.where for problem in library.policy.check()] == ["gone.fact"]


def test_a_change_ends_with_the_value_that_it_replaces() -> None:
    book = PolicyBook.load(KNOWLEDGE / "policy").changed_by(
        [change_of(1, key="subsidy.max_years", value="6", status=Status.OFFICIAL)]
    )
    assert book.fact("subsidy.max_years", date(2026, 11, 23)).number == 5
    assert book.fact("subsidy.max_years", TODAY).number == 6
    for day in (date(2026, 9, 30), date(2027, 10, 1)):
        with pytest.raises(NoFactForDay):
            book.fact("subsidy.max_years", day)


def test_of_an_answers_texts_the_one_that_began_last_is_used() -> None:
    made = datetime(2026, 11, 20, tzinfo=UTC)

    def text(number: int, said: str, since: date) -> AnswerChange:
        return AnswerChange(
            id=number, answer="a/b", text=said, effective_from=since, author="王", made_at=made
        )

    changes = [
        text(1, "一", date(2026, 11, 22)),
        text(2, "二", date(2026, 11, 20)),
        text(3, "三", date(2026, 11, 22)),
        text(4, "四", date(2026, 12, 1)),
    ]
    assert edits_of(changes, TODAY).texts == {"a/b": "三"}
    assert edits_of(changes, date(2026, 11, 21)).texts == {"a/b": "二"}
    assert edits_of(changes, date(2026, 12, 1)).texts == {"a/b": "四"}
