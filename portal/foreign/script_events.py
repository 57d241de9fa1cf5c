"""What people decide about conversion holds with the next page that is asked for; corrections know
when their paragraph is gone."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page

from portal.foreign.models import ScriptCorrection, ScriptSetting, ScriptTerm
from portal.foreign.services.script import follow_page
from portal.plugin_api import SiteLike, page_published, touch_content

_TABLES = (ScriptCorrection, ScriptSetting, ScriptTerm)


@receiver([post_save, post_delete], dispatch_uid="foreign-script-decided")
def decided(sender: type[Any], **kwargs: Any) -> None:
    if issubclass(sender, _TABLES):
        touch_content()


@page_published.receiver
def published(*, page: Page, site: SiteLike) -> None:
    if ScriptCorrection.objects.filter(page_id=page.pk).exists():
        follow_page(page=page)
