"""Making a sub-site in one step, from the admin."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import RegexValidator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Page, Site

from portal.core import extension_points, roles
from portal.core.models import Basis, OperatorAction, Organisation, SiteRecord
from portal.core.provisioning import create_site
from portal.core.reviews.grounds import releasing_as
from portal.core.roles import Action
from portal.core.slugs import free_slug


class SubSiteForm(forms.Form):
    """What a new sub-site needs; the rest has defaults and can be changed in its settings."""

    name = forms.CharField(label=_("Name"), max_length=120)
    short_name = forms.CharField(label=_("Short name"), max_length=60)
    code = forms.SlugField(
        label=_("Address"),
        max_length=40,
        help_text=_("Letters, digits and hyphens: the last part of the address."),
    )
    parent = forms.ModelChoiceField(
        label=_("Below the site"), queryset=SiteRecord.objects.filter(kind=SiteRecord.Kind.PORTAL)
    )
    owner = forms.ModelChoiceField(
        label=_("Owner"),
        queryset=Organisation.objects.all(),
        help_text=_("The unit that answers for the content. One site per unit."),
    )
    theme = forms.ChoiceField(label=_("Theme"), choices=SiteRecord.Theme.choices)
    hostname = forms.CharField(
        label=_("Host name"),
        max_length=120,
        required=False,
        validators=[
            RegexValidator(r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", _("A host name without https://."))
        ],
        help_text=_("Empty: the sub-site is served below the address of its parent."),
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if SiteRecord.objects.filter(code=code).exists():
            raise ValidationError(_("Another site has this address already."))
        return code

    def clean_hostname(self) -> str:
        name: str = self.cleaned_data["hostname"].lower()
        if name and Site.objects.filter(hostname=name).exists():
            raise ValidationError(_("Another site answers to this host name."))
        return name

    def clean_owner(self) -> Organisation:
        owner: Organisation = self.cleaned_data["owner"]
        if SiteRecord.objects.filter(owner=owner).exists():
            raise ValidationError(_("This unit owns a site already (one site per unit)."))
        return owner


@transaction.atomic
def create_sub_site(*, page_model: type[Page], data: dict[str, Any], user: Any) -> SiteRecord:
    """A published home below the parent's home, in each of its languages as a draft, provisioned.

    Raises:
        ValidationError: what the models refuse; nothing is left behind.
    """
    parent: SiteRecord = data["parent"]
    parent_root = Page.objects.get(pk=parent.root_page_id)
    home = page_model(
        title=data["name"],
        slug=free_slug(data["code"], parent_root),
        locale=parent_root.locale,
        live=False,
        show_in_menus=False,
    )
    parent_root.add_child(instance=home)
    done = OperatorAction.objects.create(
        command="sub_site", accounts=[user.get_username()], reason=data["name"]
    )
    with releasing_as(Basis.OPERATOR, str(done.pk)):
        home.save_revision(user=user).publish(user=user, skip_permission_checks=True)
    for twin in Page.objects.filter(translation_key=parent_root.translation_key).exclude(
        pk=parent_root.pk
    ):
        home.copy_for_translation(twin.locale)
    record = create_site(
        root_page=home,
        code=data["code"],
        kind=SiteRecord.Kind.SUB_SITE,
        parent=parent,
        hostname=data.get("hostname") or "",
        name=data["name"],
        short_name=data["short_name"],
        owner=data["owner"],
        operator=str(data["owner"]),
        theme=data["theme"],
    )
    extension_points.site_created.send(site=record.pk)
    return record


class CreateSubSiteView(WagtailAdminTemplateMixin, FormView):
    template_name = "portal/admin/form.html"
    form_class = SubSiteForm
    page_title = _("New sub-site")
    header_icon = "site"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not roles.may(request.user, Action.SUB_SITES, None):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["explanation"] = gettext(
            "Creates the home page, the groups of all roles with their rights, a collection for "
            "images and documents and the workflow of three reviews, in each language."
        )
        context["submit_label"] = gettext("Create the sub-site")
        return context

    def form_valid(self, form: SubSiteForm) -> HttpResponse:
        # The layer above knows the page type; the core only knows that there is one.
        from django.apps import apps

        try:
            record = create_sub_site(
                page_model=apps.get_model("pages", "SubSitePage"),
                data=form.cleaned_data,
                user=self.request.user,
            )
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(
            self.request, gettext("The sub-site %(name)s stands.") % {"name": record.name}
        )
        # The home stands and is empty: the layer above has starters for it.
        return HttpResponseRedirect(reverse("portal_choose_starter", args=[record.root_page_id]))
