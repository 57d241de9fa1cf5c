"""Menus and footers keep whether letters are taken: they are made anew when that changes."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from portal.plugin_api import touch_content, touch_on_commit

from .models import LetterProfile


@receiver((post_save, post_delete), sender=LetterProfile, dispatch_uid="interaction.profile")
def profile_changed(sender: type[LetterProfile], **kwargs: Any) -> None:
    touch_content()
    touch_on_commit()
