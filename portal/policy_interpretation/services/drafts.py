"""Beginning a product that is owed: a draft that names its document already."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from portal.plugin_api import site_of_path
from portal.policy_interpretation.models import InterpretationLink, InterpretationPage, PolicyPage
from portal.policy_interpretation.models.products import ProductForm


def places_for_products(user: Any, site_pk: int) -> QuerySet[Page]:
    """The columns and topics of a site below which an account may begin a product."""
    allowed = PagePermissionPolicy().instances_user_has_permission_for(user, "add")
    parents = InterpretationPage.allowed_parent_page_models()
    found = Page.objects.type(*parents).filter(pk__in=allowed.values("pk"), alias_of=None)
    own = [page.pk for page in found.only("pk", "path") if site_of_path(page.path) == site_pk]
    return Page.objects.filter(pk__in=own).order_by("path")


@transaction.atomic
def begin_product(
    *, policy: PolicyPage, parent: Page, form: str, author_kind: str, by: Any
) -> InterpretationPage:
    """A draft below a column, with document, form and author kind filled in.

    Raises:
        PermissionDenied: the account may not add pages there.
    """
    parent = parent.specific
    if not parent.permissions_for_user(by).can_add_subpage():
        raise PermissionDenied
    product = InterpretationPage(
        title=_("%(form)s: %(title)s")
        % {"form": ProductForm(form).label, "title": policy.title[:200]},
        form=form,
        author_kind=author_kind,
        live=False,
        owner=by,
    )
    product.interprets = [InterpretationLink(policy=policy)]
    parent.add_child(instance=product)
    product.save_revision(user=by, log_action="wagtail.create")
    return product
