"""Blocks that choose a video or a recording; ``admin.media_choosers`` has the views behind them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import BaseChooser
from wagtail.blocks import ChooserBlock


class VideoChooser(BaseChooser):
    model = "core.PortalMedia"
    icon = "media"
    chooser_modal_url_name = "portal_video_chooser:choose"
    choose_one_text = _("Choose a video")
    choose_another_text = _("Choose another video")
    link_to_chosen_text = _("Edit this video")


class AudioChooser(BaseChooser):
    model = "core.PortalMedia"
    icon = "media"
    chooser_modal_url_name = "portal_audio_chooser:choose"
    choose_one_text = _("Choose a recording")
    choose_another_text = _("Choose another recording")
    link_to_chosen_text = _("Edit this recording")


class _MediaChooserBlock(ChooserBlock):
    target_model = "core.PortalMedia"
    media_type: str
    widget_class: type[BaseChooser]

    @cached_property
    def widget(self) -> BaseChooser:
        return self.widget_class()

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if found is not None and found.type != self.media_type:
            raise ValidationError(_("Choose a file of this kind: a video here, a recording there."))
        return found


class VideoChooserBlock(_MediaChooserBlock):
    media_type = "video"
    widget_class = VideoChooser

    class Meta:
        icon = "media"


class AudioChooserBlock(_MediaChooserBlock):
    media_type = "audio"
    widget_class = AudioChooser

    class Meta:
        icon = "media"
