"""Keeps TensorFlow out of the process that serves: Rasa imports it at start, and nothing of ours ever calls it.

The modules of Rasa that bring it in are registered unread and read when something asks them for a name. A pipeline
with one of Rasa's neural components still works, and then takes TensorFlow's 400 MB.
"""

from __future__ import annotations

import importlib.util
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

#: Each is imported by modules that serve, which use it in training and testing only.
UNREAD = ("rasa.utils.train_utils", "rasa.utils.plotting")
VALIDATOR = "rasa.graph_components.validators.default_recipe_validator"


class Unread(ModuleType):
    """A module that is read when it is first asked for a name that it does not have yet."""

    def __init__(self, spec: ModuleSpec) -> None:
        super().__init__(spec.name)
        self.__spec__, self.__loader__, self.__file__ = spec, spec.loader, spec.origin
        self.__package__ = spec.parent

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or self.__spec__ is None:
            raise AttributeError(name)
        self.__class__ = ModuleType  # from here on a module as any other
        self.__spec__.loader.exec_module(self)
        return getattr(self, name)


def leave_tensorflow_unread() -> None:
    """To be called before Rasa is imported, in a process that trains nothing."""
    for name in UNREAD:
        _register(name, Unread(_spec(name)))
    _register(VALIDATOR, _validator_by_name())
    _read_thinc_alone()


def _read_thinc_alone() -> None:
    """spaCy's thinc tries TensorFlow and does without where there is none; of ours only its entity ruler runs."""
    if "tensorflow" in sys.modules:
        return
    sys.modules["tensorflow"] = None  # type: ignore[assignment]  # how Python writes "cannot be imported"
    try:
        import thinc.compat  # noqa: F401
    finally:
        del sys.modules["tensorflow"]


def _validator_by_name() -> ModuleType:
    """A stored model names the checker of training data, which imports every neural component of Rasa.

    Rasa looks its class up when it reads the model, and would make one only to train.
    """
    from rasa.engine.graph import GraphComponent

    real = _spec(VALIDATOR)

    class DefaultV1RecipeValidator(GraphComponent):
        @classmethod
        def create(cls, *given: Any) -> GraphComponent:
            module = importlib.util.module_from_spec(real)
            real.loader.exec_module(module)
            return module.DefaultV1RecipeValidator.create(*given)

    DefaultV1RecipeValidator.__module__ = VALIDATOR
    module = ModuleType(VALIDATOR)
    module.__spec__ = real
    module.DefaultV1RecipeValidator = DefaultV1RecipeValidator
    return module


def _spec(name: str) -> ModuleSpec:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise ImportError(f"Rasa has no module {name}")
    return spec


def _register(name: str, module: ModuleType) -> None:
    sys.modules[name] = module
    package, _, own_name = name.rpartition(".")
    setattr(sys.modules[package], own_name, module)
