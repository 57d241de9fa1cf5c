"""The embargo: what a set holds back becomes public with the set, whatever way somebody tries."""

from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.plugin_api import PublishProblem, SiteLike, publish_checks, release_ground

from .models import Bundle, BundleItem
from .releasing import released_now


@publish_checks.step
def held_by_a_set(
    problems: list[PublishProblem], /, *, page: Page, site: SiteLike
) -> list[PublishProblem]:
    """One query. What is public already may change by what the portal does itself: a repeal, say;
    a new version by people waits as well."""
    if page.pk is None:
        return problems
    held = (
        BundleItem.objects.filter(page=page.pk, open=True, bundle__state__in=Bundle.OPEN)
        .values_list("bundle", "bundle__title", "page__live")
        .first()
    )
    if held is None or held[0] == released_now() or (held[2] and release_ground() is not None):
        return problems
    message = _(
        "This page is in the set “%(set)s” and goes public with it. To publish it by itself, take "
        "it out of the set first."
    ) % {"set": held[1]}
    return [*problems, PublishProblem(message, code="bundle")]
