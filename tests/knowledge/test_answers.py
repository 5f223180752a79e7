"""Answers: one for every topic, true on the day they are given, and no figure without its fact."""

from __future__ import annotations

import csv
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from actions.calculations.catalogue import SUBJECTS
from bot.channels.degrade import fit
from bot.channels.profile import CONSOLE, TELEGRAM, WEB, WECHAT, Profile
from bot.knowledge import Answer, AnswerBook, Phrases, PolicyBook
from bot.knowledge.answers import bare_figures
from bot.knowledge.errors import AnswerError, AnswersInvalid, NoAnswerForTopic, NoFactForDay, PolicyError
from bot.knowledge.model import Asker
from bot.messages import TextPart
from bot.settings import ROOT

TODAY = date(2026, 11, 22)
SPRING = date(2027, 3, 1)
RESERVE = "以贷款合同和经办行为准"
TOPICS = frozenset(
    {
        "rate_change",
        "prepay_penalty",
        "prepay_process",
        "approval_time",
        "application_status",
        "change_repayment_date",
        "repayment_method",
        "calc_payment",
        "affordability_eligibility",
        "down_payment",
        "materials",
        "credit_report",
        "provident_fund",
        "overdue",
        "extension_hardship",
        "mortgage_registration",
        "contract_signing",
        "disbursement",
        "certificate",
        "repayment_account",
        "balance_query",
        "loan_term",
        "fees_tax",
        "human_agent",
        "complaint",
        "greeting",
        "thanks",
        "goodbye",
        "other_mortgage",
        "out_of_scope",
    }
)
SEGMENTS = frozenset(
    {
        "first_home",
        "upgrader",
        "new_citizen",
        "self_employed",
        "foreigner",
        "guarantor",
        "borrower_after_loan",
    }
)
CALCULATIONS = frozenset(SUBJECTS)
#: One screen of a phone with the usual letters: about 24 lines of 20 characters.
ONE_SCREEN = 480
SHIPPED = AnswerBook.load(ROOT / "data" / "knowledge" / "answers")
ALL = [answer for topic in SHIPPED.topics for answer in SHIPPED.of(topic)]


def write(folder: Path, name: str, head: str, body: str) -> None:
    path = folder / f"{name}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"---\n{head}---\n\n{body}\n", encoding="utf-8")


def head(topic: str, title: str = "标题", *, default: bool = True, questions: str = "[问一, 问二]") -> str:
    front = f"topic: {topic}\ntitle: {title}\nquestions: {questions}\ndefault: {str(default).lower()}\n"
    return front + REVIEW


REVIEW = "review_by: 2027-05-31\n"


def a_policy(status: str = "A") -> PolicyBook:
    return PolicyBook.from_texts(
        {
            "a.yml": "- {key: a.rate, title: 率, unit: pct, source: 出处, status: "
            + status
            + ', values: [{value: "3.5", effective_from: 2026-01-01, effective_to: 2026-12-31}]}'
        }
    )


def test_every_topic_has_an_answer() -> None:
    assert set(SHIPPED.topics) == TOPICS


def test_there_are_answers_enough() -> None:
    assert len(ALL) >= 165


def test_the_shipped_answers_hold_together(policy: PolicyBook) -> None:
    assert SHIPPED.check(policy, TODAY) == ()


@pytest.mark.parametrize("answer", ALL, ids=[answer.name for answer in ALL])
def test_every_answer_renders_today(answer: Answer, policy: PolicyBook) -> None:
    rendered = SHIPPED.render(answer, policy, TODAY)
    assert rendered.text
    assert len(rendered.text) <= 110
    for text in (rendered.text, rendered.detail or ""):
        assert "{{" not in text
        assert "{%" not in text


@pytest.mark.parametrize("profile", [WEB, CONSOLE, WECHAT, TELEGRAM], ids=lambda profile: profile.name)
def test_every_answer_fits_every_channel_and_one_screen(
    profile: Profile, policy: PolicyBook, words: Phrases
) -> None:
    for answer in ALL:
        rendered = SHIPPED.render(answer, policy, TODAY)
        shown = fit([TextPart(rendered.text, rendered.detail)], profile, words)
        texts = [part.text for part in shown if isinstance(part, TextPart)]
        assert texts[0] == rendered.text, answer.name
        assert all(profile.fits(text) for text in texts), answer.name
        assert len(rendered.text) + len(rendered.detail or "") <= ONE_SCREEN, answer.name


def test_on_the_first_day_of_2024_an_answer_renders_or_names_the_fact_that_was_not_in_force(
    policy: PolicyBook,
) -> None:
    """The table lists every answer with the missing fact, or with nothing where it renders."""
    with (Path(__file__).parent / "on_2024_01_01.tsv").open(encoding="utf-8", newline="") as file:
        expected = {row["answer"]: row["missing"] for row in csv.DictReader(file, delimiter="\t")}
    found = {}
    for answer in ALL:
        found[answer.name] = ""
        try:
            SHIPPED.render(answer, policy, date(2024, 1, 1))
        except NoFactForDay as exc:
            found[answer.name] = exc.key
    assert found == expected
    assert sum(not missing for missing in found.values()) >= 40
    assert sum(bool(missing) for missing in found.values()) >= 40


@pytest.mark.parametrize("day", [date(2028, 1, 1), date(2026, 9, 1)])
@pytest.mark.parametrize("answer", ALL, ids=[answer.name for answer in ALL])
def test_every_answer_renders_on_another_day_or_says_which_fact_is_missing(
    answer: Answer, policy: PolicyBook, day: date
) -> None:
    with suppress(NoFactForDay):
        assert SHIPPED.render(answer, policy, day).text


def test_next_spring_every_answer_still_has_its_facts(policy: PolicyBook) -> None:
    assert SHIPPED.check(policy, SPRING) == ()


def test_after_the_subsidy_only_its_answer_is_missing(policy: PolicyBook) -> None:
    missing = [problem.where for problem in SHIPPED.check(policy, date(2027, 10, 1))]
    assert missing == ["rate_change/subsidy", "rate_change/subsidy_amount"]


@pytest.mark.parametrize("answer", ALL, ids=[answer.name for answer in ALL])
def test_no_answer_has_a_figure_of_its_own(answer: Answer) -> None:
    assert bare_figures(answer.short) == ()
    assert bare_figures(answer.long or "") == ()


@pytest.mark.parametrize("answer", ALL, ids=[answer.name for answer in ALL])
def test_an_answer_on_an_unverified_fact_says_what_binds_once(answer: Answer, policy: PolicyBook) -> None:
    rendered = SHIPPED.render(answer, policy, TODAY)
    is_unverified = any(fact.is_unverified for fact in rendered.facts)
    assert rendered.text.count(RESERVE) == int(is_unverified)


@pytest.mark.parametrize("answer", ALL, ids=[answer.name for answer in ALL])
def test_every_answer_lists_what_customers_ask(answer: Answer) -> None:
    assert 3 <= len(answer.questions) <= 12
    assert answer.skill in {None, "before_loan", "application", "after_loan", "complaint"}


def test_an_answer_with_the_lpr_says_which_quote_it_is(policy: PolicyBook) -> None:
    """Neither the quote of October nor that of November 2026 was looked up."""
    using = 0
    for answer in ALL:
        rendered = SHIPPED.render(answer, policy, TODAY)
        if any(fact.key == "lpr.over_5y" for fact in rendered.facts):
            using += 1
            said = rendered.text + (rendered.detail or "")
            assert "2025年5月20日起的报价，核对至2026年9月20日，此后各月未核实" in said, answer.name
    assert using >= 3


def test_the_current_rate_is_quote_plus_spread(policy: PolicyBook) -> None:
    answer = next(answer for answer in ALL if answer.name == "rate_change/current_rate")
    text = SHIPPED.render(answer, policy, TODAY).text
    assert "3.50%" in text
    assert "首套约3.05%" in text
    assert "二套约3.35%" in text


@pytest.mark.parametrize("word", ["4.35", "4.90", "九折", "过桥", "银监会"])
def test_stale_and_forbidden_statements_are_not_repeated(policy: PolicyBook, word: str) -> None:
    for answer in ALL:
        rendered = SHIPPED.render(answer, policy, TODAY)
        assert word not in rendered.text + (rendered.detail or ""), answer.name


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("利率是3.5%左右", ("3.5%",)),
        ("最低1万元起", ("1万元",)),
        ("收五百元", ("五百元",)),
        ("每年{{ policy('x.y') }}，共30年", ("30",)),
        ("办3天，共{{ number('x.y') }}次", ("3",)),
        ("1. 先申请\n2. 再还款", ()),
        ("5年期以上LPR，编号FX开头加10位数字", ()),
        ("年利率 ÷ 12，房价 ×（1 − 首付比例）", ()),
        ("÷ 120", ("120",)),
        ("可以说「贷80万，25年，等额本息」", ()),
        ("说「利率是3%」", ("3%",)),
        ("加30个基点", ("30个基点",)),
        ("多元化的选择", ()),
        ("近半年到一年的流水", ("半年",)),
        ("收入少两成，约三倍", ("两成", "三倍")),
        ("看近两年的记录", ("两年",)),
        ("五年以上首套，五年以内（含五年）", ()),
    ],
)
def test_the_lint_finds_bare_figures(text: str, figures: tuple[str, ...]) -> None:
    assert bare_figures(text) == figures


async def by_marks(texts: list[str]) -> list[list[float]]:
    """A small embedding: does the text speak of 甲, of 乙, of neither."""
    return [[float("甲" in text), float("乙" in text), 0.1] for text in texts]


@pytest.fixture
def two(folder: Path) -> AnswerBook:
    write(folder, "overdue/first", head("overdue", "甲", questions="[甲怎么办, 问甲]"), "甲的答复")
    write(folder, "overdue/second", head("overdue", "乙", default=False, questions="[乙怎么办]"), "乙的答复")
    return AnswerBook.load(folder)


async def test_the_answer_nearest_in_meaning_is_picked(two: AnswerBook) -> None:
    assert (await two.pick("overdue", "我想问乙", by_marks)).title == "乙"
    assert (await two.pick("overdue", "甲是什么", by_marks)).title == "甲"


async def test_a_listed_question_needs_no_vectors(two: AnswerBook) -> None:
    async def forbidden(texts: list[str]) -> list[list[float]]:
        raise AssertionError

    assert (await two.pick("overdue", "乙怎么办", forbidden)).title == "乙"


async def test_on_a_tie_the_default_is_picked(two: AnswerBook) -> None:
    assert (await two.pick("overdue", "别的", by_marks)).title == "甲"


async def test_questions_are_embedded_once(two: AnswerBook) -> None:
    asked: list[int] = []

    async def counting(texts: list[str]) -> list[list[float]]:
        asked.append(len(texts))
        return await by_marks(texts)

    await two.pick("overdue", "乙", counting)
    await two.pick("overdue", "甲", counting)
    assert asked == [3, 1, 1]


async def test_a_long_list_of_questions_is_embedded_in_portions(folder: Path) -> None:
    many = f"[{', '.join(f'甲{n}' for n in range(70))}]"
    write(folder, "overdue/first", head("overdue", "甲", questions=many), "甲的答复")
    write(folder, "overdue/second", head("overdue", "乙", default=False, questions="[乙]"), "乙的答复")
    asked: list[int] = []

    async def counting(texts: list[str]) -> list[list[float]]:
        asked.append(len(texts))
        return await by_marks(texts)

    await AnswerBook.load(folder).pick("overdue", "问问乙", counting)
    assert asked == [32, 32, 7, 1]


@pytest.fixture
def special(folder: Path) -> AnswerBook:
    """乙 is only for those who speak of 公积金 or of a Home Plan."""
    write(folder, "overdue/first", head("overdue", "甲", questions="[甲怎么办]"), "甲的答复")
    write(folder, "overdue/other", head("overdue", "丙", default=False, questions="[别的]"), "丙的答复")
    front = head("overdue", "乙", default=False, questions="[公积金乙]") + "only_if: [公积金, Home Plan]\n"
    write(folder, "overdue/second", front, "乙的答复")
    return AnswerBook.load(folder)


@pytest.mark.parametrize(
    ("text", "title"),
    [("公积金的乙呢", "乙"), ("公 积 金乙", "乙"), ("HOME　plan乙", "乙"), ("乙乙乙", "甲")],
)
async def test_a_special_case_is_answered_only_when_it_was_named(
    special: AnswerBook, text: str, title: str
) -> None:
    assert (await special.pick("overdue", text, by_marks)).title == title


def of_foreigners(folder: Path) -> AnswerBook:
    """乙 is for buyers from abroad, and only where 外国 was said; 丁 is for first-time buyers; 戊 is said on the web."""
    write(folder, "overdue/first", head("overdue", "甲", questions="[甲怎么办]"), "甲的答复")
    for name, title, more in [
        ("second", "乙", "only_if: [外国]\naudience: [foreigner]\n"),
        ("third", "丁", "audience: [first_home]\n"),
        ("fourth", "戊", "channels: [web]\n"),
    ]:
        front = head("overdue", title, default=False, questions=f"[外国{title}]") + more
        write(folder, f"overdue/{name}", front, f"{title}的答复")
    return AnswerBook.load(folder)


async def by_letter(texts: list[str]) -> list[list[float]]:
    """Which of the letters stand in a text; 「那个」 is a little of each."""
    return [[float(letter in text) or 0.1 for letter in "甲乙丁戊"] for text in texts]


@pytest.mark.parametrize(
    ("asker", "text", "title"),
    [
        (Asker(), "乙呢", "甲"),  # nobody spoke of 外国
        (Asker(("foreigner",), "外国人"), "乙呢", "乙"),  # it was said when they told who they are
        (Asker(("self_employed",), "外国人"), "乙呢", "甲"),  # it is not for them
        (Asker(("foreigner",), "外国人"), "", "乙"),  # a button of the topic says no words
        (Asker(("foreigner",), "外国人"), "甲怎么办", "甲"),
        (Asker(("first_home",), "第一次"), "那个呢", "丁"),  # of equals, the one for their group
        (Asker(), "那个呢", "甲"),
        (Asker(channel="web"), "戊呢", "戊"),
        (Asker(channel="wechat"), "戊呢", "甲"),
        (Asker(), "戊呢", "戊"),  # not known where: nothing is left out
    ],
)
async def test_who_asks_and_where_decides_between_answers(
    folder: Path, asker: Asker, text: str, title: str
) -> None:
    picked = await of_foreigners(folder).pick("overdue", text, by_letter, asker)
    assert picked.title == title


def test_the_default_is_for_every_channel(folder: Path) -> None:
    write(folder, "overdue/a", head("overdue") + "channels: [web]\n", "文")
    with pytest.raises(AnswersInvalid, match="special case or channel"):
        AnswerBook.load(folder)


async def test_a_named_special_case_goes_before_an_answer_that_is_a_little_nearer(
    special: AnswerBook,
) -> None:
    async def nearly_alike(texts: list[str]) -> list[list[float]]:
        return [[1.0, 0.0] if "乙" in text else [1.05, 0.0] for text in texts]

    assert (await special.pick("overdue", "公积金的呢", nearly_alike)).title == "乙"
    assert (await special.pick("overdue", "那个呢", nearly_alike)).title == "甲"


async def test_another_answer_must_come_clearly_nearer_than_the_default(two: AnswerBook) -> None:
    async def nearly_alike(texts: list[str]) -> list[list[float]]:
        return [[1.0, 0.0] if "乙" not in text else [1.01, 0.0] for text in texts]

    assert (await two.pick("overdue", "别的", nearly_alike)).title == "甲"


async def test_without_vectors_the_default_is_picked(two: AnswerBook) -> None:
    async def broken(texts: list[str]) -> list[list[float]]:
        raise ConnectionError

    async def short(texts: list[str]) -> list[list[float]]:
        return [[1.0]]

    assert (await two.pick("overdue", "乙", broken)).title == "甲"
    assert (await two.pick("overdue", "乙", short)).title == "甲"
    assert (await two.pick("overdue", "  ", by_marks)).title == "甲"


async def test_a_single_answer_asks_for_no_vectors(folder: Path) -> None:
    async def forbidden(texts: list[str]) -> list[list[float]]:
        raise AssertionError

    write(folder, "thanks/welcome", head("thanks"), "不客气")
    assert (await AnswerBook.load(folder).pick("thanks", "谢谢", forbidden)).slug == "welcome"


async def test_a_topic_without_answers_is_an_error(two: AnswerBook) -> None:
    with pytest.raises(NoAnswerForTopic):
        await two.pick("weather", "晴吗", by_marks)


def test_the_front_matter_says_for_whom_and_what_comes_next(folder: Path) -> None:
    more = "audience: [first_home]\nchannels: [web]\ncalculation: down_payment\n"
    write(folder, "overdue/a", head("overdue"), "文")
    write(folder, "overdue/b", head("overdue", default=False) + more, "文")
    answer = AnswerBook.load(folder).of("overdue")[1]
    assert (answer.audience, answer.channels) == (("first_home",), ("web",))
    assert (answer.calculation, answer.review_by) == ("down_payment", date(2027, 5, 31))


def test_the_long_form_stands_behind_more(folder: Path) -> None:
    write(folder, "overdue/a", head("overdue"), "短{{ policy('a.rate') }}\n\n<!-- more -->\n\n长")
    rendered = AnswerBook.load(folder).render(
        AnswerBook.load(folder).default_of("overdue"), a_policy(), TODAY
    )
    assert (rendered.text, rendered.detail) == ("短3.5%", "长")
    assert [fact.key for fact in rendered.facts] == ["a.rate"]


@pytest.mark.parametrize(
    "body", ["短{{ policy('a.rate') }}。", "短。\n<!-- more -->\n长{{ policy('a.rate') }}"]
)
def test_the_reserve_ends_the_short_form(folder: Path, body: str) -> None:
    write(folder, "overdue/a", head("overdue"), body)
    book = AnswerBook.load(folder)
    assert book.render(book.default_of("overdue"), a_policy("U"), TODAY).text.endswith(f"。{RESERVE}。")
    assert RESERVE not in book.render(book.default_of("overdue"), a_policy("A"), TODAY).text


def test_a_formula_takes_the_bare_number(folder: Path) -> None:
    write(folder, "overdue/a", head("overdue"), "÷ {{ number('a.rate') }} ×")
    book = AnswerBook.load(folder)
    assert book.render(book.default_of("overdue"), a_policy(), TODAY).text == "÷ 3.5 ×"


@pytest.mark.parametrize(("later", "said"), [("0", "不收违约金"), ("0.5", "收0.5%违约金")])
def test_a_fee_of_nothing_is_said_in_words(policy: PolicyBook, later: str, said: str) -> None:
    texts = {
        path.name: path.read_text(encoding="utf-8")
        for path in (ROOT / "data" / "knowledge" / "policy").glob("*.yml")
    }
    today = 'value: "0", effective_from: 2026-10-01, source: 安居示范银行参数'
    assert texts["prepayment.yml"].count(today) == 1
    texts["prepayment.yml"] = texts["prepayment.yml"].replace(today, today.replace('"0"', f'"{later}"'))
    answer = next(answer for answer in ALL if answer.name == "prepay_penalty/after_one_year")
    assert said in SHIPPED.render(answer, PolicyBook.from_texts(texts), TODAY).text


@pytest.mark.parametrize("answer", ALL, ids=[answer.name for answer in ALL])
def test_no_answer_promises_a_calculation_we_cannot_make(answer: Answer) -> None:
    """Payments of a loan can be computed; savings, fees, taxes and limits cannot yet."""
    for body in (answer.short, answer.long or ""):
        for promise in ("帮您估算", "帮您算出", "我来算", "我来比", "帮您算能", "我帮您算"):
            assert promise not in body


def test_every_answer_has_a_next_step() -> None:
    """A calculation with the customer's own figures, or a topic that goes on from here."""
    without = [answer.name for answer in ALL if not answer.related and answer.calculation is None]
    assert without == ["goodbye/bye", "thanks/welcome"]


@pytest.mark.parametrize("answer", ALL, ids=[answer.name for answer in ALL])
def test_the_front_matter_speaks_of_things_that_exist(answer: Answer) -> None:
    assert set(answer.audience) <= SEGMENTS
    assert set(answer.channels) <= {"web", "console", "wechat", "telegram"}
    assert answer.calculation is None or answer.calculation in CALCULATIONS
    assert answer.review_by > TODAY


@pytest.mark.parametrize("answer", ALL, ids=[answer.name for answer in ALL])
def test_a_button_leads_somewhere_else_and_not_to_small_talk(answer: Answer) -> None:
    assert answer.topic not in answer.related
    assert not {"greeting", "thanks", "goodbye", "out_of_scope", "other_mortgage"} & set(answer.related)


def test_a_missing_fact_is_an_error_and_not_a_hole(folder: Path) -> None:
    write(folder, "overdue/a", head("overdue"), "{{ policy('a.rate') }}")
    write(folder, "thanks/a", head("thanks"), "{{ policy('a.other') }}")
    book = AnswerBook.load(folder)
    with pytest.raises(NoFactForDay):
        book.render(book.default_of("overdue"), a_policy(), date(2027, 1, 1))
    with pytest.raises(PolicyError):
        book.render(book.default_of("thanks"), a_policy(), TODAY)


@pytest.mark.parametrize("body", ["{{ nobody }}", "{{ policy() }}", "{{ policy.__globals__ }}"])
def test_a_template_that_cannot_be_filled_is_an_answer_error(folder: Path, body: str) -> None:
    write(folder, "overdue/a", head("overdue"), body)
    book = AnswerBook.load(folder)
    with pytest.raises(AnswerError):
        book.render(book.default_of("overdue"), a_policy(), TODAY)


@pytest.mark.parametrize(
    ("name", "front", "body", "complaint"),
    [
        ("overdue/a", head("thanks"), "文", "not the folder's name"),
        ("overdue/a", head("overdue", default=False), "文", "one default answer, not 0"),
        ("overdue/a", head("overdue") + "colour: red\n", "文", "unknown field colour"),
        ("overdue/a", head("overdue", questions="[]"), "文", "what customers ask"),
        ("overdue/a", head("overdue"), "", "short form is empty"),
        ("overdue/a", head("overdue") + "related: [nothing]\n", "文", "'nothing' has no answer"),
        ("overdue/a", head("overdue"), "收3%", "'3%' must be a policy fact"),
        ("overdue/a", head("overdue"), "{{ policy(", "overdue/a"),
        ("overdue/a", head("overdue"), "- 一项", "shown as it stands"),
        ("overdue/a", head("overdue"), "很**重要**", "shown as it stands"),
        ("overdue/a", head("overdue"), "见[这里](x)", "shown as it stands"),
        ("overdue/a", head("overdue"), "满2年", "'2' must be a policy fact"),
        ("overdue/a", head("overdue").replace(REVIEW, ""), "文", "review_by must be a date"),
        ("overdue/a", head("overdue").replace("2027-05-31", "soon"), "文", "review_by must be a date"),
        ("overdue/a", head("overdue") + "calculation: 月供\n", "文", "calculation must be a word"),
        ("overdue/a", head("overdue") + "audience: [首套]\n", "文", "audience lists words"),
        ("overdue/a", head("overdue") + "channels: web\n", "文", "channels must be a list"),
        ("overdue/a", head("overdue") + "only_if: [问]\n", "文", "cannot be for a special case"),
        ("overdue/a", head("overdue", default=False) + "only_if: [公积金]\n", "文", "has no word of only_if"),
    ],
)
def test_a_faulty_answer_is_named_and_refused(
    folder: Path, name: str, front: str, body: str, complaint: str
) -> None:
    write(folder, name, front, body)
    with pytest.raises(AnswersInvalid, match=complaint.replace("(", r"\(")):
        AnswerBook.load(folder)
