"""The admin's part of files, machines and official names: screens and menu entries."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from portal.plugin_api import register_wagtail_hook

from .admin import exchange, machine, terms
from .permissions import reach_for
from .services.chinese_names import LOG_PREPARED, LOG_TAKEN_BACK


@register_wagtail_hook("register_admin_urls")
def exchange_urls() -> list[Any]:
    return [
        path("foreign/export/<int:pk>/", exchange.export_page, name="foreign_export"),
        path(
            "foreign/export/queue/<int:section>/",
            exchange.export_queue,
            name="foreign_export_queue",
        ),
        path("foreign/import/", exchange.ImportView.as_view(), name="foreign_import"),
        path(
            "foreign/import/<int:pk>/",
            exchange.ImportFileView.as_view(),
            name="foreign_import_file",
        ),
        path("foreign/machine/<int:pk>/", machine.MachineView.as_view(), name="foreign_machine"),
        path(
            "foreign/machine/<int:pk>/progress/",
            machine.machine_progress,
            name="foreign_machine_progress",
        ),
        path(
            "foreign/machine/budget/<int:section>/",
            machine.BudgetView.as_view(),
            name="foreign_machine_budget",
        ),
        path("foreign/names/changes/", terms.ChangesView.as_view(), name="foreign_term_changes"),
        path(
            "foreign/names/changes/<int:pk>/",
            terms.ChangeView.as_view(),
            name="foreign_term_change",
        ),
        path("foreign/names/table/", terms.TableView.as_view(), name="foreign_terms_table"),
        path("foreign/names/table.csv", terms.download_table, name="foreign_terms_csv"),
        path("foreign/names/propose/", terms.propose, name="foreign_terms_propose"),
    ]


@register_wagtail_hook("register_admin_viewset")
def term_viewset() -> terms.TermViewSet:
    return terms.TermViewSet("official-names")


@register_wagtail_hook("register_admin_viewset")
def name_rule_viewset() -> terms.NameRuleViewSet:
    return terms.NameRuleViewSet("official-name-rules")


@register_wagtail_hook("register_log_actions")
def names_in_history(actions: Any) -> None:
    actions.register_action(
        LOG_PREPARED, _("Official name"), _("Prepared a draft with a changed official name")
    )
    actions.register_action(
        LOG_TAKEN_BACK,
        _("Official name taken back"),
        _("Took a draft with a changed official name back"),
    )


class _FilesItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return exchange.may_bring_files(request.user, reach=reach_for(request))


@register_wagtail_hook("register_reports_menu_item")
def files_menu_item() -> MenuItem:
    return _FilesItem(
        _("Files of translators"),
        reverse("foreign_import"),
        name="foreign-files",
        icon_name="upload",
        order=625,
    )
