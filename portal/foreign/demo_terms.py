"""The demo city's official names, approved, and what its translations put into the memory."""

from pathlib import Path
from typing import Any

import yaml
from wagtail.models import Locale

from .models import Term, TermName
from .services.memory import remember_all

_FILE = Path(__file__).parent / "demo" / "terms.yaml"


def load_terms() -> int:
    """Bring the terms in; what somebody has changed since stays. How many are new."""
    locales = {locale.language_code: locale for locale in Locale.objects.all()}
    made = 0
    for source, kind, names, *rest in yaml.safe_load(_FILE.read_text(encoding="utf-8")):
        term, is_new = Term.objects.get_or_create(
            source=source, defaults={"kind": kind, "status": Term.Status.APPROVED}
        )
        made += is_new
        wrong = "\n".join(rest[0]["not"]) if rest else ""
        for language, name in names.items():
            if (locale := locales.get(language)) is None:
                continue
            TermName.objects.get_or_create(
                term=term,
                locale=locale,
                defaults={
                    "name": name,
                    "status": TermName.Status.APPROVED,
                    "variants_forbidden": wrong if language == "en" else "",
                },
            )
    return made


def load(demo: Any) -> None:
    """After the sections (their languages) and the translations (for the memory)."""
    load_terms()
    remember_all()
