"""Sentence embeddings, mean-centred: the dense features of a message."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.components.reading import normalised
from bot.nlu.embedding import CachedEngine, Matrix, centred, engine_named
from bot.nlu.errors import SettingsMissing
from bot.nlu.normalise import normalise
from bot.nlu.paths import home
from bot.nlu.vector_cache import kept_vectors

log = logging.getLogger("fangxin.embedding")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceFeaturizer(GraphComponent):
    """Embeds a message with the engine that the config names and moves it by the mean of the training utterances."""

    #: The one that serves the channel's /embed route: loaded with the model, in the process that answers.
    serving: SentenceFeaturizer | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"engine": "onnx", "model": None, "remembered_texts": 4096}

    @staticmethod
    def required_packages() -> list[str]:
        return ["numpy"]

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, mean: Matrix | None
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._engine = CachedEngine(
            engine_named(config["engine"], config["model"]), config["remembered_texts"]
        )
        self._mean = mean if mean is not None else np.zeros(self._engine.dimensions, dtype=np.float32)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        return cls(config, model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> SentenceFeaturizer:
        with model_storage.read_from(resource) as folder:
            mean = np.load(Path(folder) / "mean.npy")
        featurizer = cls(config, model_storage, resource, mean)
        featurizer._require_width(mean)
        log.info("embedding.ready engine=%s", featurizer._engine.label)
        cls.serving = featurizer
        return featurizer

    def _require_width(self, mean: Matrix) -> None:
        if len(mean) != self._engine.dimensions:
            raise SettingsMissing(
                f"trained on vectors of {len(mean)} numbers, but {self._engine.label} gives {self._engine.dimensions}"
            )

    def train(self, training_data: TrainingData) -> Resource:
        """Learns the mean of the utterances."""
        texts = [
            normalised(example).compact for example in training_data.training_examples if example.get(TEXT)
        ]
        engine = kept_vectors(self._engine, home())
        if texts:
            self._mean = engine.embed(texts).mean(axis=0)
        with self._storage.write_to(self._resource) as folder:
            np.save(Path(folder) / "mean.npy", self._mean)
        print("  utterances embedded / 语句已向量化", flush=True)
        return self._resource

    def vectors(self, texts: Sequence[str]) -> Matrix:
        """Centred unit vectors of texts as typed."""
        return centred(self._engine.embed([normalise(text).compact for text in texts]), self._mean)

    def process(self, messages: list[Message]) -> list[Message]:
        vectors = centred(
            self._engine.embed([normalised(message).compact for message in messages]), self._mean
        )
        return self._featured(messages, vectors)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        examples = [example for example in training_data.training_examples if example.get(TEXT)]
        engine = kept_vectors(self._engine, home())
        self._featured(
            examples, centred(engine.embed([normalised(example).compact for example in examples]), self._mean)
        )
        return training_data

    def _featured(self, messages: list[Message], vectors: Matrix) -> list[Message]:
        for message, vector in zip(messages, vectors, strict=True):
            message.add_features(
                Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, self._config["engine"])
            )
        return messages
