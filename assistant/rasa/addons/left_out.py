"""Stands in for the packages that Rasa imports and this installation does not use.

Rasa imports every component and every chat platform's client when it starts: TensorFlow (1.5 GB)
for classifiers that are not configured, Slack, Twilio, Kafka, MongoDB and more. None of that is
installed. A name taken from such a package is a class that can be derived from, named in a type or
used as a decorator, which is all that happens while modules are loaded; whoever makes an object
of it is told what is missing.
"""

import sys
from abc import ABCMeta
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

PACKAGES = frozenset(
    {
        # machine learning that is not configured
        "tensorflow", "tensorflow_hub", "tensorflow_text", "keras", "transformers",
        "sklearn_crfsuite", "matplotlib",
        # chat platforms
        "aiogram", "fbmessenger", "google", "mattermostwrapper", "rocketchat_API", "slack_sdk",
        "socketio", "twilio", "webexteamssdk",
        # stores, brokers and services elsewhere
        "aio_pika", "aiormq", "boto3", "botocore", "confluent_kafka", "pymongo", "sentry_sdk",
        "structlog_sentry", "cachecontrol",
    }
)  # fmt: skip


class NotInstalled(RuntimeError):
    """Something was used that this installation leaves out."""


class _LeftOutType(ABCMeta):
    """Of every name of a package that is left out."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _left_out(f"{cls.__module__}.{cls.__qualname__}", name)

    def __getitem__(cls, item: object) -> Any:
        return cls

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if not cls.__dict__.get("_left_out"):  # a class of Rasa's, derived from one of these
            raise NotInstalled(f"{cls.__name__} needs a package that is not installed")
        if len(args) == 1 and callable(args[0]) and not kwargs:  # a decorator
            return args[0]
        return cls


def _left_out(module: str, name: str) -> Any:
    bases = (Exception,) if name.endswith(("Error", "Exception")) else ()
    kind = type if bases else _LeftOutType
    return kind(name, bases, {"__module__": module, "_left_out": True})


class _LeftOutModule(ModuleType):
    __path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__version__":
            raise AttributeError(name)
        value = "0" if name == "__version__" else _left_out(self.__name__, name)
        setattr(self, name, value)
        return value


class _Finder(MetaPathFinder, Loader):
    """Answers for the packages above, after everything that is really installed was asked."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in PACKAGES:
            return ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _LeftOutModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


def install() -> None:
    """Once for each process, before Rasa is imported."""
    if not any(isinstance(one, _Finder) for one in sys.meta_path):
        sys.meta_path.append(_Finder())
