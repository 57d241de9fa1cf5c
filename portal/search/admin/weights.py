"""The weights of a site: what they do to saved queries is seen before they hold."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from portal.plugin_api import main_site_pk, search_kinds
from portal.search.engine.contract import EngineUnavailable
from portal.search.models import SavedQuery, SiteWeights
from portal.search.permissions import SETTINGS, may_at
from portal.search.rules import Weights
from portal.search.services.changing import delete_rule, save_rule
from portal.search.services.comparing import MOST_QUERIES, compare
from portal.search.services.rules import weights_of

from .base import DeskView

NAMES = ("title", "alias", "body", "recency", "synonym")
MOST_FACTOR = 10.0
_ALL = "all"


class WeightsForm(forms.ModelForm):
    """The weights, and a factor for each kind of result that there is."""

    class Meta:
        model = SiteWeights
        fields = [*NAMES, "note"]
        widgets = {
            name: forms.NumberInput(attrs={"step": "0.05" if name in NAMES[3:] else "0.5"})
            for name in NAMES
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entries = search_kinds.entries(self.instance.site_id or main_site_pk())
        kinds = sorted(entries, key=lambda entry: entry.item.order)
        self.kind_names = {_name(entry.key): f"kind-{_name(entry.key)}" for entry in kinds}
        for entry in kinds:
            kind = _name(entry.key)
            self.fields[f"kind-{kind}"] = forms.FloatField(
                label=entry.item.label,
                min_value=0,
                max_value=MOST_FACTOR,
                initial=(self.instance.kinds or {}).get(kind, 1.0),
                widget=forms.NumberInput(attrs={"step": "0.1"}),
            )

    @property
    def weight_fields(self) -> list[Any]:
        return [self[name] for name in NAMES]

    @property
    def kind_fields(self) -> list[Any]:
        return [self[name] for name in self.kind_names.values()]

    def _post_clean(self) -> None:
        """The kinds that are not as usual; those of plugins that are away stay as they were."""
        kinds = dict(self.instance.kinds or {})
        for kind, name in self.kind_names.items():
            factor = self.cleaned_data.get(name)
            kinds.pop(kind, None)
            if factor is not None and factor != 1:
                kinds[kind] = factor
        self.instance.kinds = kinds
        super()._post_clean()  # type: ignore[misc]


def _name(key: str) -> str:
    """What documents say of their kind: the registry's key without the plugin before it."""
    return key.rpartition(".")[2]


class WeightsView(DeskView):
    """Change, compare, save; or back to what is usual."""

    template_name = "portal_search/admin/weights.html"
    page_title = gettext_lazy("Ranking weights")
    header_icon = "sliders"
    needed = SETTINGS

    def _chosen(self) -> Any:
        if self.request.GET.get("site") == _ALL:
            if not may_at(self.request.user, SETTINGS, None):
                raise PermissionDenied
            return None
        return super()._chosen()

    @property
    def site_pk(self) -> int | None:
        return self.site.pk if self.site is not None else None

    def stored(self) -> SiteWeights:
        found: SiteWeights | None = SiteWeights.objects.filter(site=self.site_pk).first()
        return found or SiteWeights(site=self.site)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        stored = self.stored()
        form = kwargs.pop("form", None) or WeightsForm(instance=stored)
        queries = self.queries()
        return super().get_context_data(form=form, **kwargs) | {
            "is_stored": stored.pk is not None,
            "usual": Weights(),
            "may_all": may_at(self.request.user, SETTINGS, None),
            "queries": queries,
            "is_all": self.site is None,
            "queries_url": reverse("savedquery:index"),
        }

    def queries(self) -> list[SavedQuery]:
        """Of the site; for all sites those of the main one."""
        rows = SavedQuery.objects.filter(site=self.site_pk or main_site_pk())
        return list(rows.select_related("expected")[:MOST_QUERIES])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        stored = self.stored()
        if "usual" in request.POST:
            if stored.pk is not None:
                log(instance=stored, action="wagtail.delete", user=request.user, deleted=True)
                delete_rule(rule=stored, by=request.user)
            messages.success(request, _("The usual weights hold again."))
            return HttpResponseRedirect(request.get_full_path())
        form = WeightsForm(request.POST, instance=stored)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        if "save" in request.POST:
            return self._save(request, form)
        return self.render_to_response(self.get_context_data(form=form, **self._compared(form)))

    def _save(self, request: HttpRequest, form: WeightsForm) -> HttpResponse:
        rule = form.save(commit=False)
        is_new = rule.pk is None
        try:
            change = save_rule(rule=rule, by=request.user, reason=rule.note)
        except ValidationError as error:
            form.add_error(None, error)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        if change is not None:
            action = "wagtail.create" if is_new else "wagtail.edit"
            log(instance=rule, action=action, user=request.user)
            messages.success(request, _("Saved: these weights hold from now on."))
        else:
            messages.info(request, _("Nothing was changed."))
        return HttpResponseRedirect(request.get_full_path())

    def _compared(self, form: WeightsForm) -> dict[str, Any]:
        rule = form.save(commit=False)
        try:
            return {
                "compared": compare(
                    self.queries(),
                    site=self.site_pk or main_site_pk(),
                    weights=weights_of(rule),
                )
            }
        except EngineUnavailable:
            return {"problem": _("The index cannot be asked just now. Try again in a minute.")}
