"""Which tables pages may read and still be kept: those whose changes the database notes."""

from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import models

# Written all the time, and nothing that visitors are shown. A page that reads one is not kept.
_NOT_FOLLOWED = frozenset(
    {
        "admin.logentry",
        "axes.accessattempt",
        "axes.accessattemptexpiration",
        "axes.accessfailurelog",
        "axes.accesslog",
        "core.outboxcursor",
        "core.outboxevent",
        "django_tasks_db.dbtaskresult",
        "plugins.jobrun",
        "publishing.rowchange",
        "publishing.storemachine",
        "sessions.session",
        "wagtailcore.modellogentry",
        "wagtailcore.pagelogentry",
        "wagtailcore.referenceindex",
        "wagtailsearch.indexentry",
        "wagtailsearch.sqliteftsindexentry",
    }
)
# Columns that say how far the work on a page has come, and nothing that visitors are shown.
_UNSEEN_COLUMNS = {
    "wagtailcore_page": frozenset(
        {
            "draft_title",
            "has_unpublished_changes",
            "latest_revision_created_at",
            "latest_revision_id",
            "locked",
            "locked_at",
            "locked_by_id",
            "numchild",
        }
    ),
    "core_user": frozenset({"last_login", "password"}),
}
# The version of the structure concerns every page; that of the content is renewed with each
# publication and says nothing that the rows do not.
_OWN = {
    "core_structureversion": (("id", "token"), ("token",)),
}
# Columns by which rows are found though they have no index of their own, or which say what a change
# means.
_ALSO_TOLD = {
    "wagtailcore_page": ("path", "depth", "live", "translation_key"),
    "core_publication": ("standing",),
}
# Written with every publication and joined by many statements. Whether those can have read a row
# is asked of the table that they join it to. One way only: were the other table to ask back, rows
# that go from both at once would not be found by either.
COMMON_TABLES = frozenset({"core_publication", "wagtailcore_page", "wagtailcore_revision"})
_FINDING_FIELDS = (
    models.BooleanField,
    models.CharField,
    models.DateField,
    models.IntegerField,
    models.SlugField,
    models.UUIDField,
)


# Of what refers to one of these, many refer to the same.
_FEW_ROWS = frozenset({"contenttypes.ContentType", "core.SiteRecord", "wagtailcore.Locale"})


@dataclass(frozen=True, slots=True)
class Followed:
    """``finding``: the columns by which statements find its rows. ``seen``: those whose change
    counts. ``coarse``: of the former those of which many rows have the same value."""

    table: str
    finding: tuple[str, ...]
    seen: tuple[str, ...]
    coarse: tuple[str, ...] = ()


def is_followed(model: type[models.Model]) -> bool:
    """Models of plugins that no page shows say ``pages_show_it = False``."""
    meta = model._meta
    return (
        meta.managed
        and not meta.proxy
        and not meta.swapped
        and meta.label_lower not in _NOT_FOLLOWED
        and getattr(model, "pages_show_it", True)
    )


@cache
def followed_tables() -> dict[str, Followed]:
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if is_followed(model):
            found[model._meta.db_table] = _followed(model)
    return dict(sorted(found.items()))


@cache
def known_tables() -> frozenset[str]:
    """All tables of the portal, followed or not."""
    return frozenset(model._meta.db_table for model in apps.get_models(include_auto_created=True))


def _followed(model: type[models.Model]) -> Followed:
    meta = model._meta
    if meta.db_table in _OWN:
        return Followed(meta.db_table, *_OWN[meta.db_table])
    own = [(field, str(field.column)) for field in meta.local_concrete_fields if field.column]
    unseen = _UNSEEN_COLUMNS.get(meta.db_table, frozenset())
    indexed = {
        name.lstrip("-")
        for index in (*meta.indexes, *meta.constraints)
        for name in getattr(index, "fields", ())
    }
    finding = [
        column
        for field, column in own
        if field.primary_key
        or field.is_relation
        or field.unique
        or (
            (
                getattr(field, "db_index", False)
                or field.name in indexed
                or isinstance(field, models.SlugField)
            )
            and isinstance(field, _FINDING_FIELDS)
        )
    ]
    finding += _ALSO_TOLD.get(meta.db_table, ())
    coarse = {
        column
        for field, column in own
        if isinstance(field, models.BooleanField)
        or field.choices
        or (field.related_model is not None and field.related_model._meta.label in _FEW_ROWS)
        or column in ("depth", "language", "standing")
    }
    return Followed(
        meta.db_table,
        tuple(dict.fromkeys(finding)),
        tuple(column for _field, column in own if column not in unseen),
        tuple(sorted(coarse)),
    )
