"""The intent classifier in Rasa's graph; the model itself is `bot.nlu.intent_model`."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import intent_model
from bot.nlu.components.featurizer import SentenceFeaturizer
from bot.nlu.components.reading import RANKING, normalised
from bot.nlu.embedding import Matrix
from bot.nlu.intent_model import IntentModel, Recipe


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CalibratedClassifier(GraphComponent):
    """Ranks the intents with calibrated confidence; the gate decides what becomes of it."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [SentenceFeaturizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return dict(vars(Recipe()))

    @staticmethod
    def required_packages() -> list[str]:
        return ["scipy"]

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: IntentModel | None
    ) -> None:
        self._recipe = Recipe(**{field.name: config[field.name] for field in fields(Recipe)})
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CalibratedClassifier:
        return cls(config, model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> CalibratedClassifier:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, IntentModel.load(Path(folder)))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        texts = [normalised(example).compact for example in examples]
        intents = [example.get(INTENT) for example in examples]
        self._model = intent_model.train(self._recipe, texts, intents, _vectors(examples))
        with self._storage.write_to(self._resource) as folder:
            self._model.save(Path(folder))
        print("  intents learned / 意图已学会", flush=True)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        if self._model is None or not messages:
            return messages
        texts = [normalised(message).compact for message in messages]
        for message, row in zip(messages, self._model.probabilities(texts, _vectors(messages)), strict=True):
            order = np.argsort(-row, kind="stable")
            names = [self._model.intents[i] for i in order.tolist()]
            message.set(RANKING, list(zip(names, row[order].tolist(), strict=True)))
        return messages


def _vectors(messages: list[Message]) -> Matrix:
    """What `Message.get_dense_features` would give, which copies it twice on the way."""
    return np.vstack(
        [np.hstack([own.features[0] for own in _sentence_features(message)]) for message in messages]
    )


def _sentence_features(message: Message) -> list[Features]:
    return [
        own
        for own in message.features
        if own.attribute == TEXT and own.type == FEATURE_TYPE_SENTENCE and own.is_dense()
    ]
