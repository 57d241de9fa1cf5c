"""The kinds of results that the portal itself has, in the order of their tabs."""

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

KINDS: dict[str, Promise] = {
    "service": pgettext_lazy("search", "Services"),
    "policy": pgettext_lazy("search", "Policies"),
    "clause": pgettext_lazy("search", "Clauses"),
    "interpretation": pgettext_lazy("search", "Interpretations"),
    "question": pgettext_lazy("search", "Questions and answers"),
    "article": pgettext_lazy("search", "News and notices"),
    "response": pgettext_lazy("search", "Responses"),
    "organisation": pgettext_lazy("search", "Institutions"),
    "leader": pgettext_lazy("search", "Leaders"),
    "topic": pgettext_lazy("search", "Topics"),
    "column": pgettext_lazy("search", "Columns"),
    "site": pgettext_lazy("search", "Sites"),
    "page": pgettext_lazy("search", "Pages"),
    "file": pgettext_lazy("search", "Files"),
}
