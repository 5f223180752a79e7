"""Last component: writes `understanding` and the intent that the dialogue acts on."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.components import reading
from bot.nlu.components.classifier import CalibratedClassifier
from bot.nlu.feelings import Feeling
from bot.nlu.gate import Reading, Thresholds, decide
from bot.nlu.paths import data_folder
from bot.nlu.rasa_entities import to_rasa
from bot.nlu.topics import Topics


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Gate(GraphComponent):
    """Bands the confidence. Topics and thresholds are read when the model is loaded, so no training is needed."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [CalibratedClassifier]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"topics": "data/nlu/topics.yml", "thresholds": "data/nlu/thresholds.yml"}

    def __init__(self, config: dict[str, Any]) -> None:
        self._topics = Topics.load(data_folder(config["topics"]))
        self._thresholds = Thresholds.load(data_folder(config["thresholds"]))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Gate:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            words = reading.normalised(message)
            about = reading.metadata(message)
            entities = message.get(reading.ENTITIES) or []
            decision = decide(
                Reading(
                    text=about.get("part_text") or about.get("customer_text") or words.original,
                    words=words.compact,
                    ranking=message.get(reading.RANKING) or [],
                    entities=entities,
                    feeling=message.get(reading.FEELING) or Feeling().to_wire(),
                    requested_slot=about.get("requested_slot"),
                    active_loop=about.get("active_loop"),
                    has_calculation=bool(about.get("has_calculation")),
                ),
                self._topics,
                self._thresholds,
            )
            ranking = message.get(reading.RANKING) or []
            message.set(
                INTENT, {"name": decision.intent, "confidence": decision.confidence}, add_to_output=True
            )
            message.set(
                INTENT_RANKING_KEY,
                [{"name": name, "confidence": share} for name, share in ranking[:10]],
                add_to_output=True,
            )
            message.set(ENTITIES, to_rasa(entities), add_to_output=True)
            message.set(reading.UNDERSTANDING, decision.understanding, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data
