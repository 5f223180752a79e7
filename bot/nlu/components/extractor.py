"""The entities; the grammar itself is `bot.nlu.entities`."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.components.reading import ENTITIES, metadata, normalised
from bot.nlu.entities import day_of, extract, to_wire
from bot.nlu.vocabulary import RulerFinder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LendingExtractor(GraphComponent):
    """Reads figures, dates and products. Day and requested slot come with the message's metadata."""

    @staticmethod
    def required_packages() -> list[str]:
        return ["spacy"]

    def __init__(self, config: dict[str, Any]) -> None:
        self._finder = RulerFinder()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LendingExtractor:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            about = metadata(message)
            words = normalised(message)
            asked = about.get("requested_slot") or ("method" if about.get("has_calculation") else None)
            found = extract(words, day_of(about.get("now")), asked, self._finder)
            message.set(ENTITIES, to_wire(found, words.original))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data
