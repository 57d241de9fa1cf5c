"""How themes of documents and forms of interpretations are called where results are narrowed."""

from collections.abc import Mapping, Sequence

from .models import PolicyTheme, ProductForm

_FORMS = dict(ProductForm.choices)


class Themes:
    """Entered in ``search_labels``."""

    facet = "theme"

    def labels(self, values: Sequence[str], *, language: str) -> Mapping[str, str]:
        return dict(PolicyTheme.objects.filter(code__in=values).values_list("code", "name"))


class Forms:
    """Entered in ``search_labels``; genres of documents are stored in words already."""

    facet = "form"

    def labels(self, values: Sequence[str], *, language: str) -> Mapping[str, str]:
        return {value: str(_FORMS[value]) for value in values if value in _FORMS}
