"""What is wrong with the knowledge as a whole: files, facts that nobody uses, and what is due for a second look."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, nodes

from bot.knowledge.answers import MACROS, AnswerBook
from bot.knowledge.errors import Problem
from bot.knowledge.policy import PolicyBook
from bot.knowledge.policy_files import KEY

_LOOK_UPS = {"policy", "number", "rate", "since", "until", "checked", "is_checked"}
_BEGINS_A_KEY = re.compile(r"[a-z][a-z0-9_]*\.")


def check_folder(folder: Path, sources: Iterable[Path], today: date) -> tuple[Problem, ...]:
    """Every problem of a knowledge folder; ``sources`` are the Python files that look up facts by name."""
    policy = PolicyBook.read(folder / "policy")
    answers = AnswerBook.read(folder / "answers")
    macros = (folder / "answers" / MACROS).read_text(encoding="utf-8")
    named, patterns = _names_in_code(sources)
    in_templates = list(_looked_up(answers, macros))
    known = policy.keys()
    named |= {key for _, key in in_templates}
    return (
        *policy.check(),
        *answers.check(policy, today),
        *(
            Problem(where, f"no policy fact is called {key!r}")
            for where, key in in_templates
            if key not in known
        ),
        *_unused(policy, named, patterns),
        *overdue_reviews(policy, answers, today),
    )


def overdue_reviews(policy: PolicyBook, answers: AnswerBook, today: date) -> Iterator[Problem]:
    """Facts in force and answers whose day of review has passed."""
    for fact in policy.on(today):
        if fact.review_by is not None and fact.review_by < today:
            yield Problem(f"{fact.key} ({fact.region})", f"was to be looked up again by {fact.review_by}")
    for topic in answers.topics:
        for answer in answers.of(topic):
            if answer.review_by < today:
                yield Problem(answer.name, f"was to be read again by {answer.review_by}")


def _unused(policy: PolicyBook, named: set[str], patterns: list[re.Pattern[str]]) -> Iterator[Problem]:
    keys = policy.keys()
    for key in keys:
        is_used = key in named or any(pattern.fullmatch(key) for pattern in patterns)
        if is_used and key in policy.kept:
            yield Problem(key, "is used, so kept_for has nothing to say")
        if not is_used and key not in policy.kept:
            yield Problem(key, "no answer and no code uses the fact; say in kept_for what it is for")


def _looked_up(answers: AnswerBook, macros: str) -> Iterator[tuple[str, str]]:
    """Every key that a template names, whichever branch it stands in, with the template's name."""
    yield from (("_macros", key) for key in keys_in_template(macros))
    for topic in answers.topics:
        for answer in answers.of(topic):
            for body in (answer.short, answer.long or ""):
                yield from ((answer.name, key) for key in keys_in_template(body))


def keys_in_template(body: str) -> tuple[str, ...]:
    """The fact keys given to the look-ups and to the shared sentences, in order; none of a broken template."""
    try:
        tree = Environment(autoescape=False).parse(body)  # parsed, never rendered
    except TemplateSyntaxError:
        return ()  # the answer book's own check tells
    keys = []
    for call in tree.find_all(nodes.Call):
        is_shared = isinstance(call.node, nodes.Getattr)
        if is_shared or (isinstance(call.node, nodes.Name) and call.node.name in _LOOK_UPS):
            keys += [argument.value for argument in call.args if isinstance(argument, nodes.Const)]
    return tuple(key for key in keys if isinstance(key, str) and KEY.fullmatch(key))


def _names_in_code(sources: Iterable[Path]) -> tuple[set[str], list[re.Pattern[str]]]:
    """The texts that code has, and what its texts with a gap (``f"lpr.{term}"``) can become."""
    names: set[str] = set()
    patterns = []
    for source in sources:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                names.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
                if isinstance(parts[0], str) and _BEGINS_A_KEY.match(parts[0]):
                    pattern = "".join(
                        "[a-z0-9_]+" if part is None else re.escape(str(part)) for part in parts
                    )
                    patterns.append(re.compile(pattern))
    return names, patterns
