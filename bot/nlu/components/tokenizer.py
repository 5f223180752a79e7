"""Words by jieba with the lending dictionary."""

from __future__ import annotations

import logging
from typing import Any

import jieba
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.paths import data_folder

jieba.setLogLevel(logging.WARNING)  # it installs a handler of its own and tells of every load


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class LendingTokenizer(Tokenizer):
    """jieba with a dictionary of its own.

    Rasa's tokenizer loads user dictionaries into the one dictionary of the process and hands blanks on as words, which
    breaks training; this one keeps its own and drops blanks.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "dictionary": "data/nlu/lexicon.txt",
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    @staticmethod
    def supported_languages() -> list[str]:
        return ["zh"]

    @staticmethod
    def required_packages() -> list[str]:
        return ["jieba"]

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._jieba = jieba.Tokenizer()
        self._jieba.load_userdict(str(data_folder(config["dictionary"])))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LendingTokenizer:
        return cls(config)

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        words = self._jieba.tokenize(message.get(attribute))
        return [Token(word, start) for word, start, _ in words if word.strip()]
