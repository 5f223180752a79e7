"""The feeling of a message in Rasa's graph; the model itself is `bot.nlu.feeling_model`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import feeling_model
from bot.nlu.components.featurizer import SentenceFeaturizer
from bot.nlu.components.reading import FEELING, normalised
from bot.nlu.embedding import Matrix, centred, engine_named
from bot.nlu.feeling_model import Examples, FeelingModel, FeelingRecipe
from bot.nlu.feelings import Feelings
from bot.nlu.normalise import normalise
from bot.nlu.paths import data_folder, home
from bot.nlu.vector_cache import kept_vectors


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class FeelingReader(GraphComponent):
    """Tells how a customer sounds. `engine` and `model` are those of the featurizer."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [SentenceFeaturizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "lexicon": "data/nlu/feelings.yml",
            "examples": "data/nlu/feelings_training.yml",
            "engine": "onnx",
            "model": None,
        }

    @staticmethod
    def required_packages() -> list[str]:
        return ["scipy"]

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: FeelingModel | None
    ) -> None:
        self._config = config
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
    ) -> FeelingReader:
        return cls(config, model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> FeelingReader:
        lexicon = Feelings.load(data_folder(config["lexicon"]))
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, FeelingModel.load(Path(folder), lexicon))

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from the file of examples; the intents' utterances, embedded before, serve as calm ones."""
        recipe = FeelingRecipe()
        lexicon = Feelings.load(data_folder(self._config["lexicon"]))
        examples = Examples.load(data_folder(self._config["examples"]))
        own = [normalise(text) for text in examples.texts]
        utterances = [one for one in training_data.intent_examples if one.get(TEXT)]
        calm = [
            utterances[place]
            for place in feeling_model.calm_among(
                recipe,
                lexicon,
                [normalised(one) for one in utterances],
                [one.get(INTENT) for one in utterances],
                examples.not_calm,
            )
        ]
        self._model = feeling_model.train(
            recipe,
            lexicon,
            own,
            self._vectors(own, training_data),
            examples.kinds,
            [normalised(one) for one in calm],
            np.vstack([_vector(one) for one in calm]) if calm else None,
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(Path(folder))
        print("  feelings learned / 情绪已学会", flush=True)
        return self._resource

    def _vectors(self, own: list[Any], training_data: TrainingData) -> Matrix:
        """The examples moved by the mean of the utterances, as the featurizer moves a message."""
        engine = kept_vectors(engine_named(self._config["engine"], self._config["model"]), home())
        utterances = [normalised(one).compact for one in training_data.training_examples if one.get(TEXT)]
        vectors = engine.embed([*utterances, *(one.compact for one in own)])
        return centred(vectors[len(utterances) :], vectors[: len(utterances)].mean(axis=0))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if self._model is not None:
                message.set(FEELING, self._model.of(normalised(message), _vector(message)).to_wire())
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data


def _vector(message: Message) -> Matrix:
    _, sentence = message.get_dense_features(TEXT)
    return sentence.features[0]
