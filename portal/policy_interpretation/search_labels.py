"""How the themes of policy documents are called where search results are narrowed by them."""

from collections.abc import Mapping, Sequence

from .models import PolicyTheme


class Themes:
    """Entered in ``search_labels``."""

    facet = "theme"

    def labels(self, values: Sequence[str], *, language: str) -> Mapping[str, str]:
        return dict(PolicyTheme.objects.filter(code__in=values).values_list("code", "name"))
