"""Forms of guides in the admin."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from portal.plugin_api import BasePageForm


class GuidePageForm(BasePageForm):
    """The lists of words are read once; codes stay as they were typed and are no other guide's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        if instance is not None and not (args or kwargs.get("data")):
            # Read once for the rows of the form and for what the panels say of them.
            for name in ("materials", "steps", "places", "basis", "terms"):
                setattr(instance, name, list(getattr(instance, name).all()))
        super().__init__(*args, **kwargs)
        self._offer_terms()
        if "owner_unit" in self.fields:
            units: Any = self.fields["owner_unit"]
            # Read once: Django reads for each rendering, and ``list`` has them counted before.
            units.choices = [choice for choice in units.choices]  # noqa: C416
        for name in ("base_code", "implementation_code"):
            if name in self.fields:
                self.fields[name].strip = False

    def _offer_terms(self) -> None:
        """One query for three fields; words that are no longer offered stay where they are used."""
        from .selectors.terms import grouped

        if not {"terms", "item_type", "online_level"} & self.fields.keys():
            return
        kept = {self.instance.item_type_id, self.instance.online_level_id}
        if "terms" in self.fields:
            chosen = self.initial.get("terms") or ()
            kept |= {getattr(term, "pk", term) for term in chosen}
        groups = grouped(kept - {None})
        for name in ("item_type", "online_level"):
            if name in self.fields:
                rows = groups.get(name, [])
                field: Any = self.fields[name]
                field.choices = [("", field.empty_label), *((row.pk, row.label) for row in rows)]
        if "terms" in self.fields:
            from .models import Dimension

            field = self.fields["terms"]
            field.widget = forms.CheckboxSelectMultiple(attrs={"class": "service-terms"})
            field.choices = [
                (Dimension(name).label, [(row.pk, row.label) for row in groups.get(name, [])])
                for name in (Dimension.LIFE_EVENT, Dimension.PERSON, Dimension.SUBJECT)
                if groups.get(name)
            ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        self._clean_codes(cleaned)
        if cleaned.get("is_charged") is False and cleaned.get("fee_standard"):
            self.add_error(
                "is_charged", _("A fee is written below. Tick this, or remove what is below.")
            )
        return cleaned

    def _clean_codes(self, cleaned: dict[str, Any]) -> None:
        from .publishing import code_problems

        draft = type(self.instance)(
            pk=self.instance.pk,
            path=self.instance.path,
            locale_id=self.instance.locale_id,
            alias_of_id=self.instance.alias_of_id,
            base_code=cleaned.get("base_code") or "",
            implementation_code=cleaned.get("implementation_code") or "",
        )
        for name, message in code_problems(draft, parent=self.parent_page):
            self.add_error(name if name in self.fields else None, message)
