"""The short things the bot says: templates found by a dotted key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from bot.knowledge import formatting
from bot.knowledge.errors import PhraseError, PhraseUnfinished, UnknownPhrase
from bot.knowledge.files import FileInvalid, read_yaml

MOST_COMPILED = 8192  #: several books' worth of texts


class Phrases:
    """The phrase book. Its filters: ``money``, ``yuan``, ``percent``, ``day``, ``day_short``, ``moment``."""

    def __init__(self, templates: Mapping[str, Template]) -> None:
        self._templates = dict(templates)

    @classmethod
    def load(cls, path: Path) -> Phrases:
        """Read the file, and the folder of its name beside it: ``phrases/payment.yml`` is the block ``payment``.

        Every value must be a text, however deep it lies.
        """
        try:
            tree = read_yaml(path) or {}
            for block in sorted(path.with_suffix("").glob("*.yml")):
                if block.stem in tree:
                    raise PhraseError(f"block {block.stem!r} stands in {path.name} and in a file of its own")
                tree[block.stem] = read_yaml(block) or {}
        except FileInvalid as exc:
            raise PhraseError(str(exc)) from exc
        templates: dict[str, Template] = {}
        for key, text in _leaves(tree, ""):
            try:
                templates[key] = _compiled(text.strip())
            except TemplateError as exc:
                raise PhraseUnfinished(key, str(exc)) from exc
        return cls(templates)

    def say(self, key: str, **values: object) -> str:
        """The phrase with its values in place; ``UnknownPhrase`` or ``PhraseUnfinished`` when that fails."""
        template = self._templates.get(key)
        if template is None:
            raise UnknownPhrase(key)
        try:
            return template.render(values)
        except (TemplateError, TypeError, ValueError, ArithmeticError, AttributeError) as exc:
            raise PhraseUnfinished(key, str(exc)) from exc

    def has(self, key: str) -> bool:
        return key in self._templates

    def keys(self) -> tuple[str, ...]:
        return tuple(sorted(self._templates))


@cache
def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    for filter_ in (
        formatting.money,
        formatting.yuan,
        formatting.percent,
        formatting.day,
        formatting.day_short,
        formatting.moment,
    ):
        environment.filters[filter_.__name__] = filter_
    return environment


@lru_cache(maxsize=MOST_COMPILED)
def _compiled(text: str) -> Template:
    """Kept, so that a book that is read again compiles what was edited and nothing else."""
    return _environment().from_string(text)


def _leaves(node: object, prefix: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield prefix, node
    elif isinstance(node, dict):
        for name, child in node.items():
            yield from _leaves(child, f"{prefix}.{name}" if prefix else str(name))
    else:
        raise PhraseError(f"phrase {prefix!r} must be a text, not {type(node).__name__}")
