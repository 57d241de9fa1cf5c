"""What the screens of search have in common."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from portal.plugin_api import Action, OwnSitesForm, OwnViewSet
from portal.search.permissions import RULES, own_sites
from portal.search.services.changing import delete_rule, save_rule
from portal.search.services.checking import check, warnings

BROUGHT = ("words", "queries", "site")


class RuleForm(OwnSitesForm):
    """A rule, compared with the others before it is stored."""

    site_action = RULES

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        try:
            check(self.instance)
        except ValidationError as error:
            self.add_error(None, error)


class _Recorded:
    """For views that store a rule: recorded, in force at once, with what is worth saying."""

    request: HttpRequest
    form: Any
    log_action: str

    def save_instance(self) -> Any:
        rule = self.form.save(commit=False)
        save_rule(rule=rule, by=self.request.user)
        log(instance=rule, action=self.log_action, user=self.request.user)
        for sentence in warnings(rule):
            messages.warning(self.request, sentence)
        return rule


class RuleAddView(_Recorded, OwnViewSet.add_view_class):  # type: ignore[name-defined]
    """A link may bring the first values: words of a query that wants a rule."""

    log_action = "wagtail.create"

    def get_initial(self) -> dict[str, Any]:
        brought = {name: self.request.GET[name] for name in BROUGHT if name in self.request.GET}
        return super().get_initial() | brought


class RuleEditView(_Recorded, OwnViewSet.edit_view_class):  # type: ignore[misc, valid-type]
    log_action = "wagtail.edit"


class RuleDeleteView(OwnViewSet.delete_view_class):  # type: ignore[misc, valid-type]
    def delete_action(self) -> None:
        log(instance=self.object, action="wagtail.delete", user=self.request.user, deleted=True)
        delete_rule(rule=self.object, by=self.request.user)


class RuleViewSet(OwnViewSet):
    """Rules of the own sites. The screen of changes has their history, with undoing."""

    add_view_class = RuleAddView
    edit_view_class = RuleEditView
    delete_view_class = RuleDeleteView
    # Best bets are found by a source of their own, which can also act upon them.
    add_to_reference_index = False
    search_backend_name = None
    list_per_page = 50


class DeskView(WagtailAdminTemplateMixin, TemplateView):
    """A screen of search's own, for whoever may do ``needed`` somewhere; of one of these sites.

    ``site`` is the chosen one; None where all sites are meant and may be.
    """

    needed: ClassVar[Action]
    header_icon = "search"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.sites = own_sites(request.user, self.needed)
        if not self.sites:
            raise PermissionDenied
        self.site = self._chosen()
        return super().dispatch(request, *args, **kwargs)

    def _chosen(self) -> Any:
        asked = self.request.GET.get("site", "")
        if not asked.isdecimal():
            return self.sites[0]
        found = next((site for site in self.sites if site.pk == int(asked)), None)
        if found is None:
            raise PermissionDenied
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"sites": self.sites, "site": self.site}


class DeskItem(MenuItem):
    """An entry of the menu for whoever may do something somewhere."""

    def __init__(self, *args: Any, needed: Action, **kwargs: Any) -> None:
        self.needed = needed
        super().__init__(*args, **kwargs)

    def is_shown(self, request: HttpRequest) -> bool:
        from portal.search.permissions import may_somewhere

        return may_somewhere(request.user, self.needed)
