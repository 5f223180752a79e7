"""Runs a model's graph node after node in this thread.

Rasa runs it through dask, which plans anew for every message how nine nodes follow each other.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner


class InOrder(GraphRunner):
    """Runs the nodes that the targets need, in an order worked out once for each set of targets."""

    def __init__(self, schema: GraphSchema, nodes: dict[str, GraphNode]) -> None:
        self._schema = schema
        self._nodes = nodes
        self._orders: dict[tuple[str, ...], dict[str, tuple[str, ...]]] = {}

    @classmethod
    def create(cls, *given: Any, **named: Any) -> InOrder:
        """Loads the nodes as Rasa does."""
        return cls.of(DaskGraphRunner.create(*given, **named))

    @classmethod
    def of(cls, runner: DaskGraphRunner) -> InOrder:
        """The nodes of a runner that Rasa made; nothing is loaded again."""
        return cls(runner._graph_schema, runner._instantiated_nodes)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The outputs of the targets, by name."""
        wanted = tuple(targets or self._schema.target_names)
        if wanted not in self._orders:
            self._orders[wanted] = self._order(wanted)
        done: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        try:
            for name, needs in self._orders[wanted].items():
                done[name] = self._nodes[name](*(done.get(need, need) for need in needs))
        except RuntimeError as exc:
            raise GraphRunError("Error running runner.") from exc
        return dict(done[name] for name in wanted)

    def _order(self, targets: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """What each node needs, every node behind those that it needs."""
        schema = self._schema.minimal_graph_schema(list(targets)).nodes
        order: dict[str, tuple[str, ...]] = {}

        def add(name: str) -> None:
            if name not in schema or name in order:
                return  # an input, or there already
            needs = tuple(schema[name].needs.values())
            for need in needs:
                add(need)
            order[name] = needs

        for target in targets:
            add(target)
        return order
