"""Reading YAML strictly: a key given twice is an error, not a silent loss."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml


class FileInvalid(Exception):
    """A file that cannot be read as YAML; the room's own error family wraps it."""


class _StrictLoader(yaml.CSafeLoader):  # libyaml comes with the wheel, and reads five times as fast
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def parse_yaml(text: str, where: str) -> Any:
    """The document in ``text``; ``where`` names it in the error."""
    try:
        return yaml.load(text, Loader=_StrictLoader)
    except yaml.YAMLError as exc:
        raise FileInvalid(f"{where}: {exc}") from exc


def read_yaml(path: Path) -> Any:
    """The document in the file."""
    try:
        return parse_yaml(path.read_text(encoding="utf-8"), path.name)
    except OSError as exc:
        raise FileInvalid(f"{path.name}: {exc}") from exc
