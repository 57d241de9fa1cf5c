"""What people decide about conversion holds with the next page that is asked for."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from portal.foreign.models import ScriptCorrection, ScriptSetting, ScriptTerm
from portal.plugin_api import touch_content

_TABLES = (ScriptCorrection, ScriptSetting, ScriptTerm)


@receiver([post_save, post_delete], dispatch_uid="foreign-script-decided")
def decided(sender: type[Any], **kwargs: Any) -> None:
    if issubclass(sender, _TABLES):
        touch_content()
