"""Terms, guides with their parts, what counters confirmed, ratings, figures, outside platforms."""

from .figures import ServiceFigure
from .guide_parts import (
    GuideBasis,
    GuideMaterial,
    GuidePlace,
    GuideStep,
    MaterialForm,
    Necessity,
)
from .guides import ExerciseLevel, GuidePage, HandlingKind, ServedPerson
from .imports import GuideImport
from .oversight import CounterConfirmation, GuideRating, GuideRecord
from .platforms import ServicePlatform
from .settings import ServiceSettings
from .terms import Dimension, ServiceTerm

__all__ = [
    "CounterConfirmation",
    "Dimension",
    "ExerciseLevel",
    "GuideBasis",
    "GuideImport",
    "GuideMaterial",
    "GuidePage",
    "GuidePlace",
    "GuideRating",
    "GuideRecord",
    "GuideStep",
    "HandlingKind",
    "MaterialForm",
    "Necessity",
    "ServedPerson",
    "ServiceFigure",
    "ServicePlatform",
    "ServiceSettings",
    "ServiceTerm",
]
