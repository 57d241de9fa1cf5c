"""Choosing videos and recordings: as images are chosen, each account within its own sites.

wagtailmedia's own chooser knows no right to choose: reviewers would find nothing in it. These
views ask the same policy for ``choose``, as Wagtail's do for images and documents.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.permissions import policy_registry
from wagtailmedia.forms import get_media_form
from wagtailmedia.models import MediaType

from portal.core.models import PortalMedia


class _Own:
    """What an account may choose of one type."""

    media_type = MediaType.VIDEO

    def get_object_list(self) -> QuerySet[PortalMedia]:
        found: QuerySet[PortalMedia] = policy_registry.get_by_type(
            PortalMedia
        ).instances_user_has_any_permission_for(
            self.request.user,  # type: ignore[attr-defined]
            ["choose"],
        )
        return found.filter(type=self.media_type).select_related("collection")


class _Creation(chooser.CreationFormMixin):
    media_type = MediaType.VIDEO

    def get_creation_form_class(self) -> type[Any]:
        form: type[Any] = get_media_form(PortalMedia)
        return form

    def get_creation_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_creation_form_kwargs()
        user = self.request.user
        new = PortalMedia(uploaded_by_user=user, type=self.media_type)
        return kwargs | {"user": user, "instance": new, "prefix": "media-chooser-upload"}


class _List(_Own, chooser.BaseChooseView):
    ordering = "-created_at"

    @property
    def columns(self) -> list[Column]:
        return [
            *super().columns,
            Column("collection", label=_("Collection"), accessor="collection.name"),
            DateColumn("created_at", label=_("Uploaded")),
        ]


class _Choose(chooser.ChooseViewMixin, _Creation, _List):
    pass


class _Results(chooser.ChooseResultsViewMixin, _Creation, _List):
    pass


class _Chosen(chooser.ChosenView):
    def get_object(self, pk: Any) -> PortalMedia:
        found: PortalMedia = super().get_object(pk)
        policy = policy_registry.get_by_type(PortalMedia)
        if not policy.user_has_permission_for_instance(self.request.user, "choose", found):
            raise PermissionDenied
        return found


class _ChosenMultiple(_Own, chooser.ChosenMultipleView):
    def get_objects(self, pks: list[str]) -> QuerySet[PortalMedia]:
        return self.get_object_list().filter(pk__in=pks)


class _Create(chooser.CreateViewMixin, _Creation, chooser.ChosenResponseMixin, chooser.View):
    pass


class MediaChooserViewSet(ChooserViewSet):
    """A chooser for one type of media."""

    model = PortalMedia
    register_widget = False  # two choosers for one model; blocks name theirs
    media_type = MediaType.VIDEO
    creation_tab_label = _("Upload")
    create_action_label = _("Upload")
    create_action_clicked_label = _("Uploading…")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bound: dict[str, Any] = {"media_type": self.media_type}
        for name, view in (
            ("choose_view_class", _Choose),
            ("choose_results_view_class", _Results),
            ("chosen_multiple_view_class", _ChosenMultiple),
            ("create_view_class", _Create),
        ):
            setattr(self, name, type(view.__name__, (view,), bound))
        self.chosen_view_class = _Chosen


class VideoChooserViewSet(MediaChooserViewSet):
    media_type = MediaType.VIDEO
    icon = "media"
    choose_one_text = _("Choose a video")
    choose_another_text = _("Choose another video")
    edit_item_text = _("Edit this video")


class AudioChooserViewSet(MediaChooserViewSet):
    media_type = MediaType.AUDIO
    icon = "media"
    choose_one_text = _("Choose a recording")
    choose_another_text = _("Choose another recording")
    edit_item_text = _("Edit this recording")


video_chooser = VideoChooserViewSet("portal_video_chooser", url_prefix="choose-video")
audio_chooser = AudioChooserViewSet("portal_audio_chooser", url_prefix="choose-audio")
