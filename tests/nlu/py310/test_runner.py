"""The graph run without dask: every node once, after what it needs, and no node that nobody asked for."""

# ruff: noqa: PT009, PT027
from __future__ import annotations

import unittest
from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphComponent, GraphSchema, SchemaNode

from bot.nlu.runner import InOrder


def schema(**needs: dict[str, str]) -> GraphSchema:
    return GraphSchema(
        {
            name: SchemaNode(needs=of, uses=GraphComponent, constructor_name="create", fn="run", config={})
            for name, of in needs.items()
        }
    )


class Node:
    """Answers with its name and all that it was given, as Rasa's nodes do."""

    def __init__(self, name: str, ran: list[str]) -> None:
        self.name = name
        self.ran = ran

    def __call__(self, *given: tuple[str, Any]) -> tuple[str, str]:
        self.ran.append(self.name)
        return self.name, f"{self.name}({' '.join(value for _, value in given)})"


class Running(unittest.TestCase):
    def setUp(self) -> None:
        self.ran: list[str] = []
        graph = schema(
            last={"first": "read", "second": "words"},
            words={"message": "read"},
            read={"message": "typed"},
            unasked={"message": "read"},
        )
        self.nodes: dict[str, Any] = {name: Node(name, self.ran) for name in graph.nodes}
        self.runner = InOrder(graph, self.nodes)

    def test_each_node_runs_once_behind_what_it_needs(self) -> None:
        for _ in range(2):
            self.ran.clear()
            found = self.runner.run(inputs={"typed": "hi"}, targets=["last"])
            self.assertEqual(found, {"last": "last(read(hi) words(read(hi)))"})
            self.assertEqual(self.ran, ["read", "words", "last"])

    def test_targets_are_told_apart(self) -> None:
        self.runner.run(inputs={"typed": "hi"}, targets=["last"])
        found = self.runner.run(inputs={"typed": "hi"}, targets=["words", "unasked"])
        self.assertEqual(found, {"words": "words(read(hi))", "unasked": "unasked(read(hi))"})

    def test_a_failing_node_fails_as_with_rasas_runner(self) -> None:
        def failing(*given: Any) -> Any:
            raise RuntimeError("broken")

        self.nodes["words"] = failing
        with self.assertRaises(GraphRunError):
            self.runner.run(inputs={"typed": "hi"}, targets=["last"])


if __name__ == "__main__":
    unittest.main()
