"""Starters: pages that somebody has thought through, to begin from instead of an empty form.

A starter is a YAML file in ``data/``: for which kind of page, its name and a sentence in each
language of the admin, fields of the page and sections (``portal.pages.section_data``). What an
editor must fill in stands as a placeholder (``placeholders``), which never becomes public.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import get_language

from portal.pages.section_data import SectionReader

DATA_DIR = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Starter:
    """``kind`` is the ``starter_kind`` of the page types that it is for."""

    key: str
    kind: str
    order: int
    names: dict[str, str]
    sentences: dict[str, str]
    sections: list[dict[str, Any]]
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return _in_language(self.names)

    @property
    def sentence(self) -> str:
        return _in_language(self.sentences)

    def fill(self, page: Any) -> None:
        """Give an unsaved or empty page what the starter holds; what is filled in stays.

        Nothing is saved.
        """
        for name, value in self.fields.items():
            current = getattr(page, name)
            if not current or current == page._meta.get_field(name).get_default():
                setattr(page, name, value)
        if not page.sections:
            page.sections = SectionReader().read(self.sections)


def _in_language(texts: dict[str, str]) -> str:
    language = get_language() or settings.LANGUAGE_CODE
    return texts.get(language) or texts.get(settings.LANGUAGE_CODE) or next(iter(texts.values()))


@cache
def all_starters() -> tuple[Starter, ...]:
    return tuple(sorted(map(_read, DATA_DIR.glob("*.yaml")), key=lambda s: (s.kind, s.order)))


def starters_for(kind: str) -> list[Starter]:
    return [starter for starter in all_starters() if starter.kind == kind]


def find(key: str, kind: str) -> Starter | None:
    return next((starter for starter in starters_for(kind) if starter.key == key), None)


def _read(path: Path) -> Starter:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Starter(
        key=path.stem,
        kind=data["kind"],
        order=data["order"],
        names=data["name"],
        sentences=data["sentence"],
        sections=data["sections"],
        fields=data.get("fields") or {},
    )
