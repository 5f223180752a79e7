"""The answers: Markdown files by topic, picked by meaning and rendered with the facts of the day.

``<topic>/<slug>.md`` begins with a front matter: ``topic``, ``title``, ``questions``, ``review_by`` (the day by
which somebody reads it again), and where they apply ``related``, ``skill``, ``default``, ``only_if``,
``audience`` and ``channels`` (empty means all), ``calculation`` (what can be computed next) and ``english`` (a
summary that a customer who writes English is told first). The body is the
short form and, after a line ``<!-- more -->``, the long form. Both are shown as plain text, so a list begins its
lines with ``· `` or ``1. ``; neither has a figure of its own (``bare_figures``). Both are templates:

- ``policy("key")`` is the fact with its unit, ``policy("key", region="北京")`` a region's own,
- ``number("key")`` is the fact's bare number, for a formula,
- ``rate("lpr.over_5y", "pricing.first_home_spread_bp")`` is a quote plus a spread,
- ``since("key")`` and ``until("key")`` are the days between which the fact holds, ``checked("key")`` the day
  it was last looked up and ``is_checked("key")`` whether that was this month,
- ``policy_en``, ``since_en`` and ``checked_en`` are the same in English.

Sentences that many answers share are macros in ``_macros.jinja``.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import frontmatter
import structlog
import yaml
from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from bot.knowledge import english, formatting
from bot.knowledge.errors import (
    AnswerError,
    AnswersInvalid,
    NoAnswerForTopic,
    PolicyError,
    Problem,
    WrongShape,
)
from bot.knowledge.model import ANYBODY, Answer, Asker, Fact, Rendered
from bot.knowledge.policy import PolicyBook

Embed = Callable[[list[str]], Awaitable[list[list[float]]]]
Vector = Sequence[float]

MORE = "<!-- more -->"
MACROS = "_macros.jinja"
_FIELDS = {
    "topic",
    "title",
    "questions",
    "related",
    "skill",
    "default",
    "only_if",
    "audience",
    "channels",
    "calculation",
    "english",
    "review_by",
}
NEAREST = 0.5  #: how much the nearest question counts beside the mean of them all
FOR_DEFAULT = 0.02  #: how much nearer than the topic's default another answer must come
FOR_SAID = (
    0.12  #: head start of a special case whose word was said; sentence vectors hardly tell such cases apart
)
FOR_AUDIENCE = 0.06  #: head start of an answer written for the group that the customer belongs to
FOR_OWN = 0.04  #: more of it where one of its words was said when they named that group
TEXTS_AT_ONCE = 32  #: a topic's questions are embedded in portions that stay within one call's time
_PREAMBLE = f'{{%- import "{MACROS}" as say with context -%}}'
_MARKUP = re.compile(r"\*\*|^#+ |^\s*[-*] |\|.*\||\]\(|`", re.MULTILINE)
_BARE_FIGURE = re.compile(
    r"[\d一二三四五六七八九十百千万半]+(?:\.\d+)?\s*(?:%|‰|个?百分点|万?元|万块|块钱|BP|个?基点)|(?:[二两三四五六七八九十]+|半)(?:个月|年)(?!以上|以内|及以内|[限）)])|[二两三四五六七八九](?:成|倍)|\d+(?:\.\d+)?"
)
#: Digits that belong to a name, an arrangement of lines, a formula or to what a customer might type.
_NO_FIGURE = re.compile(
    r"^\d\. |[15]年期(?:以上)?LPR|FX开头加10位数字|÷ 12(?!\d)|[（(]1 [+−＋] |「(?:贷|改成|算)[^」%]*」",
    re.MULTILINE,
)
_WORD = re.compile(r"[a-z][a-z0-9_]*")

log = structlog.get_logger(__name__)


class AnswerBook:
    """Every answer of a folder."""

    def __init__(self, folder: Path, answers: Iterable[Answer], problems: Iterable[Problem] = ()) -> None:
        self._by_topic: dict[str, list[Answer]] = defaultdict(list)
        for answer in answers:
            self._by_topic[answer.topic].append(answer)
        self._problems = tuple(problems)
        self._environment = SandboxedEnvironment(
            loader=FileSystemLoader(folder), undefined=StrictUndefined, autoescape=False
        )
        self._templates: dict[str, Template] = {}
        self.known_vectors: dict[str, Vector] = {}  #: embeddings of questions, kept while the book is in use

    @classmethod
    def load(cls, folder: Path, edited: Mapping[str, str] | None = None) -> AnswerBook:
        """The answers of every ``<topic>/<slug>.md``; ``AnswersInvalid`` when they do not hold together.

        ``edited`` are texts that go before the files, by ``topic/slug``.
        """
        book = cls.read(folder, edited)
        problems = book.check()
        if problems:
            raise AnswersInvalid(problems)
        return book

    @classmethod
    def read(cls, folder: Path, edited: Mapping[str, str] | None = None) -> AnswerBook:
        """As ``load``, but a faulty book is returned too, so that ``check`` can list all that is wrong."""
        answers, problems = [], []
        texts: dict[str, str | Path] = {
            f"{path.parent.name}/{path.stem}": path for path in folder.glob("*/*.md")
        }
        texts.update(edited or {})
        for name, text in sorted(texts.items()):
            try:
                if isinstance(text, Path):
                    text = text.read_text(encoding="utf-8")
                answers.append(_read_answer(name, text))
            except (_Refused, OSError, UnicodeDecodeError) as exc:
                problems.append(Problem(f"{name}.md", str(exc)))
        if not answers:
            problems.append(Problem("answers", "no answer file was found"))
        return cls(folder, answers, problems)

    @classmethod
    def read_one(cls, folder: Path, name: str, text: str) -> AnswerBook:
        """A book of one answer, to look at it by itself; ``folder`` has the shared sentences."""
        try:
            return cls(folder, [_read_answer(name, text)])
        except _Refused as exc:
            return cls(folder, (), [Problem(f"{name}.md", str(exc))])

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(sorted(self._by_topic))

    def of(self, topic: str) -> tuple[Answer, ...]:
        """The answers of a topic."""
        return tuple(self._by_topic.get(topic, ()))

    def default_of(self, topic: str) -> Answer:
        """What the topic says when nothing fits better."""
        for answer in self.of(topic):
            if answer.is_default:
                return answer
        raise NoAnswerForTopic(topic)

    async def pick(self, topic: str, text: str, embed: Embed, asker: Asker = ANYBODY) -> Answer:
        """The topic's answer whose questions come nearest to the customer's words.

        An answer for a special case stands back unless one of its words was said, and has a head start when it
        was; so has one that was written for the group that the customer belongs to. One answer in the topic needs no
        vectors. Without vectors the topic's default answer is still true, so whatever keeps ``embed`` from answering
        costs precision and not the reply.
        """
        if not self.of(topic):
            raise NoAnswerForTopic(topic)
        said = text.strip()
        answers = [answer for answer in self.of(topic) if _is_fit(answer, text, asker)]
        own = [answer for answer in answers if _is_written_for(answer, asker)]
        if not said:
            return own[0] if own else self.default_of(topic)
        for answer in answers:
            if said in answer.questions and not (answer.is_default and own):
                return answer
        if len(answers) == 1:
            return answers[0]
        try:
            asked, as_own = await self._vectors(text, f"{asker.words}{text}", answers, embed)
        except Exception as exc:
            log.warning("knowledge.embedding_failed", topic=topic, reason=type(exc).__name__)
            return self.default_of(topic)
        return max(
            answers,
            key=lambda answer: self._closeness(as_own if answer in own else asked, answer, text, asker),
        )

    def _closeness(self, asked: Vector, answer: Answer, text: str, asker: Asker) -> float:
        """Between the nearest of the answer's questions and their mean, and a head start for the default, for a special
        case one of whose words was said, and for the customer's group.

        The nearest alone follows one odd wording, the mean alone drowns the one that fits: of 80 questions
        worded apart from ours the mean picks 69 right, the nearest 74 and this 75.
        """
        near = [_product(asked, self.known_vectors[question]) for question in answer.questions]
        closeness = NEAREST * max(near) + (1 - NEAREST) * sum(near) / len(near)
        is_named = bool(answer.only_if) and _names(answer, text)
        is_own = bool(set(answer.audience) & set(asker.audience))
        return (
            closeness
            + FOR_DEFAULT * answer.is_default
            + FOR_SAID * is_named
            + FOR_AUDIENCE * is_own
            + FOR_OWN * _is_written_for(answer, asker)
        )

    async def _vectors(
        self, text: str, as_own: str, answers: Sequence[Answer], embed: Embed
    ) -> tuple[Vector, Vector]:
        """Of the customer's words, and of these behind the ones with which they said who they are."""
        missing = sorted({q for answer in answers for q in answer.questions if q not in self.known_vectors})
        for start in range(0, len(missing), TEXTS_AT_ONCE):
            portion = missing[start : start + TEXTS_AT_ONCE]
            self.known_vectors.update(zip(portion, await _embedded(portion, embed), strict=True))
        asked = await _embedded([text] if as_own == text else [text, as_own], embed)
        return asked[0], asked[-1]

    def render(self, answer: Answer, policy: PolicyBook, on: date, region: str | None = None) -> Rendered:
        """The answer with the facts of a day; a fact that is missing is a ``PolicyError``.

        When one of the facts is unverified, the short form ends with the sentence that says what binds.
        """
        used: list[Fact] = []
        values = _template_values(policy, on, region, used)
        text = self._fill(answer, answer.short, values)
        detail = self._fill(answer, answer.long, values) if answer.long else None
        summary = self._fill(answer, answer.english, values) if answer.english else None
        if any(fact.is_unverified for fact in used):
            reserve = self._sentence("unverified")
            if reserve not in text:
                text = f"{text}{'' if text.endswith(('。', '！', '？')) else '。'}{reserve}。"
            if summary:
                summary = f"{summary} {self._sentence('unverified_en')}"
        return Rendered(text, detail, tuple(dict.fromkeys(used)), summary)

    def _sentence(self, macro: str) -> str:
        return str(getattr(self._environment.get_template(MACROS).module, macro)())

    def _fill(self, answer: Answer, body: str, values: dict[str, Callable[..., object]]) -> str:
        try:
            return self._template(body).render(values).strip()
        except PolicyError:
            raise
        except (TemplateError, TypeError) as exc:
            raise AnswerError(f"answer {answer.name}: {exc}") from exc

    def _template(self, body: str) -> Template:
        """The compiled body; compiling takes far longer than filling."""
        if body not in self._templates:
            self._templates[body] = self._environment.from_string(_PREAMBLE + body)
        return self._templates[body]

    def check(self, policy: PolicyBook | None = None, on: date | None = None) -> tuple[Problem, ...]:
        """What is wrong with the files; with a policy book and a day, also whether every answer renders."""
        problems = list(self._problems)
        for topic, answers in sorted(self._by_topic.items()):
            defaults = sum(answer.is_default for answer in answers)
            if defaults != 1:
                problems.append(Problem(topic, f"the topic needs one default answer, not {defaults}"))
            for answer in answers:
                problems.extend(self._check_answer(answer))
                if policy is not None and on is not None:
                    try:
                        self.render(answer, policy, on)
                    except (PolicyError, AnswerError) as exc:
                        problems.append(Problem(answer.name, str(exc)))
        return tuple(problems)

    def _check_answer(self, answer: Answer) -> Iterable[Problem]:
        for related in answer.related:
            if related not in self._by_topic:
                yield Problem(answer.name, f"the related topic {related!r} has no answer")
        if answer.is_default and (answer.only_if or answer.channels):
            yield Problem(answer.name, "the default answer cannot be for a special case or channel")
        for question in answer.questions:
            if not _is_fit(answer, question):
                yield Problem(answer.name, f"its own question {question!r} has no word of only_if")
        for body in (answer.short, answer.long or "", answer.english or ""):
            try:
                self._environment.parse(body)
            except TemplateError as exc:
                yield Problem(answer.name, str(exc))
            for figure in bare_figures(body):
                yield Problem(answer.name, f"the figure {figure!r} must be a policy fact")
            for markup in _MARKUP.findall(_without_templates(body)):
                yield Problem(answer.name, f"the text is shown as it stands, {markup!r} included")


def bare_figures(body: str) -> tuple[str, ...]:
    """Figures that stand in an answer without coming from a fact."""
    text = _NO_FIGURE.sub(" ", _without_templates(body))
    return tuple(match.group() for match in _BARE_FIGURE.finditer(text))


def _without_templates(body: str) -> str:
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", body, flags=re.DOTALL)


def _is_fit(answer: Answer, text: str, asker: Asker = ANYBODY) -> bool:
    """Whether the answer may be given to these words at all, there and to this customer."""
    if answer.channels and asker.channel is not None and asker.channel not in answer.channels:
        return False
    return not answer.only_if or _names(answer, text) or _is_written_for(answer, asker)


def _is_written_for(answer: Answer, asker: Asker) -> bool:
    """Whether it is for the customer's group, and one of its words was said when they named that group."""
    return bool(set(answer.audience) & set(asker.audience)) and _names(answer, asker.words)


def _names(answer: Answer, text: str) -> bool:
    said = _folded(text)
    return any(_folded(word) in said for word in answer.only_if)


def _folded(text: str) -> str:
    """Half-width, lower-case and without blanks, so that typing habits do not matter."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


async def _embedded(texts: list[str], embed: Embed) -> list[list[float]]:
    vectors = await embed(texts)
    if len(vectors) != len(texts) or len({len(vector) for vector in vectors}) != 1:
        raise AnswerError(f"{len(vectors)} vectors came back for {len(texts)} texts")
    return vectors


def _template_values(
    policy: PolicyBook, on: date, home_region: str | None, used: list[Fact]
) -> dict[str, Callable[..., object]]:
    def look_up(key: str, region: str | None = None) -> Fact:
        fact = policy.fact(key, on, region or home_region)
        used.append(fact)
        return fact

    def policy_text(key: str, region: str | None = None) -> str:
        return look_up(key, region).text

    def number(key: str, region: str | None = None) -> str:
        return format(look_up(key, region).number, "f")

    def rate(quote: str, spread: str) -> str:
        return formatting.percent(look_up(quote).fraction + look_up(spread).fraction)

    def since(key: str, region: str | None = None) -> str:
        return formatting.day(look_up(key, region).effective_from)

    def until(key: str, region: str | None = None) -> str:
        end = look_up(key, region).effective_to
        if end is None:
            raise WrongShape(f"{key!r} has no last day")
        return formatting.day(end)

    def checked(key: str, region: str | None = None) -> str:
        return formatting.day(look_up(key, region).verified_on)

    def policy_en(key: str, region: str | None = None) -> str:
        fact = look_up(key, region)
        return english.value_text(fact.value, fact.unit, fact.shape)

    def since_en(key: str, region: str | None = None) -> str:
        return english.day(look_up(key, region).effective_from)

    def checked_en(key: str, region: str | None = None) -> str:
        return english.day(look_up(key, region).verified_on)

    def is_checked(key: str, region: str | None = None) -> bool:
        return look_up(key, region).verified_on >= on.replace(day=1)

    return {
        "policy": policy_text,
        "number": number,
        "rate": rate,
        "since": since,
        "until": until,
        "checked": checked,
        "is_checked": is_checked,
        "policy_en": policy_en,
        "since_en": since_en,
        "checked_en": checked_en,
    }


def _product(a: Vector, b: Vector) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


class _Refused(ValueError):
    """An answer file that lacks something."""


def _read_answer(name: str, text: str) -> Answer:
    folder, _, slug = name.partition("/")
    if not (_WORD.fullmatch(folder) and _WORD.fullmatch(slug)):
        raise _Refused(f"an answer is called topic/slug, not {name!r}")
    try:
        post = frontmatter.loads(text)
    except yaml.YAMLError as exc:
        raise _Refused(str(exc)) from exc
    head = post.metadata
    unknown = sorted(set(head) - _FIELDS)
    if unknown:
        raise _Refused(f"unknown field {', '.join(unknown)}")
    topic, title = head.get("topic"), head.get("title")
    if topic != folder:
        raise _Refused(f"topic {topic!r} is not the folder's name")
    if not isinstance(title, str) or not title:
        raise _Refused("title is missing")
    short, _, long = (part.strip() for part in post.content.partition(MORE))
    if not short:
        raise _Refused("the short form is empty")
    default = head.get("default", False)
    if not isinstance(default, bool):
        raise _Refused("default must be true or false")
    skill = head.get("skill")
    if skill is not None and not isinstance(skill, str):
        raise _Refused("skill must be a text")
    questions = _texts(head.get("questions"), "questions")
    if not questions:
        raise _Refused("questions must list what customers ask")
    review_by = head.get("review_by")
    if type(review_by) is not date:
        raise _Refused(f"review_by must be a date like 2027-05-31, not {review_by!r}")
    calculation = head.get("calculation")
    if calculation is not None and not (isinstance(calculation, str) and _WORD.fullmatch(calculation)):
        raise _Refused(f"calculation must be a word like down_payment, not {calculation!r}")
    summary = head.get("english")
    if summary is not None and not (isinstance(summary, str) and summary.strip()):
        raise _Refused("english must be a text")
    return Answer(
        topic=folder,
        slug=slug,
        title=title,
        questions=questions,
        short=short,
        long=long or None,
        related=_texts(head.get("related", []), "related"),
        skill=skill,
        is_default=default,
        only_if=_texts(head.get("only_if", []), "only_if"),
        audience=_words(head, "audience"),
        channels=_words(head, "channels"),
        calculation=calculation,
        english=summary.strip() if summary else None,
        review_by=review_by,
    )


def _words(head: dict[str, object], field: str) -> tuple[str, ...]:
    words = _texts(head.get(field, []), field)
    for word in words:
        if not _WORD.fullmatch(word):
            raise _Refused(f"{field} lists words like first_home, not {word!r}")
    return words


def _texts(given: object, field: str) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(item, str) and item for item in given):
        raise _Refused(f"{field} must be a list of texts")
    return tuple(given)
