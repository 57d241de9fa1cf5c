"""Reading topics of public opinion, hot questions and responses."""

from typing import Any

from django.db.models import QuerySet
from wagtail.models import Page

from portal.plugin_api import Action, sites_allowing
from portal.policy_interpretation.models import (
    HotQuestion,
    OpinionTopic,
    ResponseTopicPage,
    RumourRefutationPage,
)


def topics_of(user: Any) -> QuerySet[OpinionTopic]:
    """The topics of the sites that an account works for."""
    sites = sites_allowing(user, Action.PAGE_CHANGE)
    found = OpinionTopic.objects.select_related("site", "unit")
    return found if sites is None else found.filter(site__in=sites)


def hot_list(user: Any) -> QuerySet[HotQuestion]:
    """Questions of the own sites that nobody has assigned or set aside, the most asked first."""
    sites = sites_allowing(user, Action.PAGE_CHANGE)
    found = HotQuestion.objects.filter(topic=None, set_aside=False).select_related("site")
    return found if sites is None else found.filter(site__in=sites)


def documents_of(page: ResponseTopicPage) -> list[Page]:
    """The public pages that belong to a response, in the editor's order."""
    rows = page.documents.all()
    wanted = [row.document_id for row in rows]
    found = (
        {document.pk: document for document in Page.objects.filter(pk__in=wanted, live=True)}
        if wanted
        else {}
    )
    return [found[pk] for pk in wanted if pk in found]


def refutations_of(page: ResponseTopicPage) -> list[RumourRefutationPage]:
    """The public refutations that belong to a response, the newest first."""
    if not page.pk:
        return []
    found = RumourRefutationPage.objects.filter(response=page.pk, live=True, alias_of=None)
    return list(found.order_by("-first_published_at"))
