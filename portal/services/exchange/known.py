"""What rows refer to by a word: terms, units, files, documents; each table is read once a run."""

import uuid
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.plugin_api import PortalDocument
from portal.services.models import GuidePage, ServiceTerm

from .values import text_of


class Known:
    """Looked up by key or by name, as people write it."""

    @cached_property
    def _terms(self) -> dict[tuple[str, str], ServiceTerm]:
        found: dict[tuple[str, str], ServiceTerm] = {}
        for term in ServiceTerm.objects.all():
            for name in (term.english_label.casefold(), term.label, term.key):
                if name:
                    found[term.dimension, name] = term
        return found

    @cached_property
    def _units(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        organisations: Any = GuidePage.owner_unit.field.related_model
        for unit in organisations._default_manager.all():
            for name in (unit.short_name, unit.full_name, unit.code):
                if name:
                    found[name] = unit
        return found

    def term(self, dimension: str, value: Any) -> ServiceTerm | None:
        text = text_of(value)
        if not text:
            return None
        found = self._terms.get((dimension, text)) or self._terms.get((dimension, text.casefold()))
        if found is None:
            raise ValidationError(
                _("“%(text)s” is no word of the list “%(list)s”.")
                % {"text": text[:60], "list": dimension}
            )
        return found

    def unit(self, value: Any) -> Any:
        text = text_of(value)
        if not text:
            return None
        if text not in self._units:
            raise ValidationError(_("There is no unit “%(text)s”.") % {"text": text[:60]})
        return self._units[text]

    def document(self, value: Any) -> PortalDocument | None:
        """A file of the portal by what its content hashes to; its name is for people."""
        text = text_of(value)
        if not text:
            return None
        digest = text.partition(" ")[0]
        found = PortalDocument.objects.filter(file_hash=digest).order_by("pk").first()
        if found is None:
            raise ValidationError(
                _("The file “%(text)s” is not in the portal: upload it first.")
                % {"text": text[:80]}
            )
        return found

    def page(self, value: Any) -> Page | None:
        """A document of the portal by its key, the same in every copy of the portal."""
        text = text_of(value)
        if not text:
            return None
        try:
            key = uuid.UUID(text.partition(" ")[0])
        except ValueError as error:
            raise ValidationError(
                _("“%(text)s” is no key of a page.") % {"text": text[:60]}
            ) from error
        found = Page.objects.filter(translation_key=key).order_by("pk").first()
        if found is None:
            raise ValidationError(
                _("The document “%(text)s” is not in the portal.") % {"text": text[:80]}
            )
        return found
