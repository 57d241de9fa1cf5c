"""What a guide must have before it may be public, and what its editor should think of twice."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.plugin_api import PublishProblem, site_of_path

from .completeness import Completeness, completeness_of
from .models import GuidePage

type Problem = tuple[str | None, object]


def problems_of(page: GuidePage) -> list[Problem]:
    """What stops publication: far too little is said, or the codes are another guide's.

    A translation has its original's facts; what it says is judged by the parity gate.
    """
    if page.is_translation or page.alias_of_id is not None:
        return []
    problems: list[Problem] = []
    found = completeness_of(page)
    if found.is_critical:
        problems.append((None, critical_sentence(found)))
    if not page.owner_unit_id:
        problems.append(("owner_unit", _("A guide names the office that handles the item.")))
    return [*problems, *code_problems(page, only_public=True)]


def critical_sentence(found: Completeness) -> str:
    return _(
        "%(count)d of the eight key parts of a guide are missing: %(names)s. With four or more "
        "missing it is not published."
    ) % {"count": len(found.key_missing), "names": _names(found.key_missing)}


def warnings_of(page: GuidePage) -> list[PublishProblem]:
    """What is missing and does not stop it. Once for the whole guide, with the names."""
    found = completeness_of(page)
    if page.is_translation or found.is_critical or not found.key_missing:
        return []
    message = _("Key parts of the guide are missing: %(names)s.") % {
        "names": _names(found.key_missing)
    }
    first = found.key_missing[0].field
    is_field = first in {field.name for field in page._meta.concrete_fields}
    return [PublishProblem(message, first if is_field else None, blocking=False, code="key_parts")]


def _names(groups: Any) -> str:
    return _(", ").join(str(group.label) for group in groups)


# --- codes ----------------------------------------------------------------------------------------
def code_problems(
    page: GuidePage, *, only_public: bool = False, parent: Page | None = None
) -> list[Problem]:
    """Codes that another original has.

    An implementation code belongs to one guide of the platform. A base code is shared by the
    offices that carry out the same item; without an implementation code it tells no two guides of
    a site apart, so it may be there once.
    """
    if page.is_translation or page.alias_of_id is not None:
        return []
    others = GuidePage.objects.filter(
        alias_of=None, locale_id=page.locale_id or _source_locale()
    ).exclude(pk=page.pk)
    if only_public:
        others = others.filter(live=True)
    problems: list[Problem] = []
    code, base = page.implementation_code, page.base_code
    if code:
        twin = others.filter(implementation_code=code).first()
        if twin is not None:
            problems.append(("implementation_code", _taken(twin)))
    elif base:
        twins = others.filter(Q(base_code=base), implementation_code="")
        path = page.path or (parent.path if parent is not None else "")
        site = site_of_path(path) if path else None
        twin = next((other for other in twins if site_of_path(other.path) == site), None)
        if twin is not None:
            problems.append(("base_code", _taken(twin)))
    return problems


def _taken(twin: GuidePage) -> str:
    return _("“%(title)s” has this code already.") % {"title": twin.title}


def _source_locale() -> int:
    from wagtail.models import Locale

    return int(Locale.get_default().pk)
