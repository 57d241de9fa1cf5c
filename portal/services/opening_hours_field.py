"""Opening hours in forms: some lines of days and times, as people write them on a door."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import pgettext_lazy

from .opening_hours import MOST_SPANS, WEEK, checked

# Lines that are offered, and how many of them stay empty below what is filled in.
_LINES, _SPARE = 3, 1
SHORT_DAYS = {
    1: pgettext_lazy("weekday", "Mon"),
    2: pgettext_lazy("weekday", "Tue"),
    3: pgettext_lazy("weekday", "Wed"),
    4: pgettext_lazy("weekday", "Thu"),
    5: pgettext_lazy("weekday", "Fri"),
    6: pgettext_lazy("weekday", "Sat"),
    7: pgettext_lazy("weekday", "Sun"),
}


class OpeningHoursInput(forms.Widget):
    """Lines of seven boxes and two times. Works without a script; what was typed comes back."""

    template_name = "services/admin/opening_hours_input.html"

    class Media:
        css = {"all": ("services/admin/guides.css",)}

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        empty = max(_LINES - len(rows), _SPARE if len(rows) < MOST_SPANS else 0)
        context["widget"]["lines"] = [
            self._line(name, number, row, attrs or {})
            for number, row in enumerate([*rows, *({} for _number in range(empty))])
        ]
        return context

    def _line(self, name: str, number: int, row: Mapping[str, Any], attrs: Any) -> dict[str, Any]:
        days = {str(day) for day in row.get("days") or ()}
        prefix = f"{name}-{number}"
        ident = f"{attrs.get('id') or 'id_' + name}-{number}"
        return {
            "number": number + 1,
            "prefix": prefix,
            "id": ident,
            "days": [(day, SHORT_DAYS[day], str(day) in days) for day in WEEK],
            "from": row.get("from") or "",
            "until": row.get("until") or "",
        }

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, Any]]:
        """The lines in which anything was ticked or typed."""
        rows = []
        for number in range(MOST_SPANS + _SPARE):
            prefix = f"{name}-{number}"
            row = {
                "days": _list(data, f"{prefix}-days"),
                "from": (data.get(f"{prefix}-from") or "").strip(),
                "until": (data.get(f"{prefix}-until") or "").strip(),
            }
            if any(row.values()):
                rows.append(row)
        return rows

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Boxes that are not ticked are not sent: nothing is never left out."""
        return False

    def id_for_label(self, id_: str) -> str:
        return ""  # a group of fields, named by a legend of its own


def _list(data: Any, name: str) -> list[str]:
    values = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
    return list(values)


class OpeningHoursFormField(forms.Field):
    widget = OpeningHoursInput

    def clean(self, value: Any) -> list[dict[str, Any]]:
        return checked(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return checked(initial) != checked(data)
        except forms.ValidationError:
            return True


class OpeningHoursField(models.JSONField):
    """Spans as ``opening_hours`` describes them."""

    def formfield(self, **kwargs: Any) -> Any:
        options: dict[str, Any] = {
            "label": capfirst(self.verbose_name),
            "help_text": self.help_text,
            "required": False,
        }
        return OpeningHoursFormField(**options)

    def deconstruct(self) -> Any:
        """Migrations see the column that it is: how it is edited is none of their concern."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs
