"""Which column of a file means which field, and which word in a cell means which value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from bot.core.errors import FileUnreadable
from bot.servicing.intake import WORDS, Resource

#: Fields of several kinds of file that hold different words under one name.
_VALUES_OF = {
    (Resource.LOANS, "state"): "loan_state",
    (Resource.LOANS, "kind"): "loan_kind",
    (Resource.DOCUMENTS, "state"): "document_state",
    (Resource.DOCUMENTS, "kind"): "document_kind",
    (Resource.REPAYMENTS, "kind"): "repayment_kind",
}
_YES_OR_NO = frozenset({"is_valued", "is_required"})


@dataclass(frozen=True)
class Columns:
    """``data/core/columns.yml``."""

    given: Mapping[str, Any]

    @classmethod
    def load(cls, file: Path) -> Columns:
        return cls(yaml.safe_load(file.read_text(encoding="utf-8")))

    def title(self, kind: Resource, field: str) -> str:
        """The name that a field has in a template."""
        names = self.given["kinds"][kind.value].get(field)
        return str(names[0]) if names else field

    def kind_of(self, header: Sequence[str]) -> Resource:
        """The kind of file whose required columns are all there; ``FileUnreadable`` if that is none or several."""
        fitting = []
        for kind in Resource:
            fields = set(self.fields(kind, header).values())
            needed = {
                name
                for name, field in WORDS[kind].model_fields.items()
                if field.is_required() and name != "told_at"
            }
            if needed <= fields:
                fitting.append((len(fields), kind))
        fitting.sort()
        if not fitting or (len(fitting) > 1 and fitting[-1][0] == fitting[-2][0]):
            raise FileUnreadable("kind")
        return fitting[-1][1]

    def fields(self, kind: Resource, header: Sequence[str]) -> dict[int, str]:
        """The field of each column by its position; columns that mean nothing here are left out."""
        known = self._names[kind]
        found: dict[int, str] = {}
        for position, name in enumerate(header):
            field = known.get(plain(name))
            if field is not None and field not in found.values():
                found[position] = field
        return found

    def missing(self, kind: Resource, fields: Mapping[int, str]) -> list[str]:
        """Titles of the required columns that a file does not have."""
        return [
            self.title(kind, name)
            for name, field in WORDS[kind].model_fields.items()
            if field.is_required() and name != "told_at" and name not in fields.values()
        ]

    def value(self, kind: Resource, field: str, cell: str) -> str:
        """The value that a word stands for; the word itself if it is none that is known."""
        known = self._values.get(
            _VALUES_OF.get((kind, field), "yes_or_no" if field in _YES_OR_NO else field), {}
        )
        return known.get(plain(cell), cell)

    def cell_kind(self, field: str) -> str:
        """What the cells of a field hold: amount, rate, day and so on; ``text`` if nothing special."""
        return self._cells.get(field, "text")

    @cached_property
    def _names(self) -> dict[Resource, dict[str, str]]:
        return {
            kind: {
                plain(name): field
                for field, names in self.given["kinds"][kind.value].items()
                for name in (*names, field)
            }
            for kind in Resource
        }

    @cached_property
    def _values(self) -> dict[str, dict[str, str]]:
        return {
            name: {plain(word): value for value, words in values.items() for word in (*words, value)}
            for name, values in self.given["values"].items()
        }

    @cached_property
    def _cells(self) -> dict[str, str]:
        return {field: kind for kind, fields in self.given["cells"].items() for field in fields}


def plain(name: str) -> str:
    """A name without what people add to it: blanks, units in brackets, stars, underscores.

    >>> plain(" 贷款金额（元）* ")
    '贷款金额'
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"\(.*?\)|[\s*_:：\ufeff-]", "", text)
