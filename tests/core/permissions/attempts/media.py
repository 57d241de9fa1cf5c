"""Images, documents, videos, and the websites that may be shown inside pages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.images.tests.utils import get_test_image_file

from portal.core.models import EmbedHost, PortalDocument, PortalImage, PortalMedia
from portal.core.roles import Action

from ..actors import Actor
from ..places import Place
from .registry import attempt

SAMPLES = Path(__file__).parents[2] / "uploads" / "samples"


def _picture() -> Any:
    return SimpleUploadedFile("a.png", get_test_image_file().file.getvalue(), "image/png")


def _paper() -> Any:
    return SimpleUploadedFile("a.txt", b"text", "text/plain")


def _of(place: Place, model: type[Any]) -> Any:
    return place.image if model is PortalImage else place.document


def _register(
    model: type[Any], app: str, make_file: Callable[[], Any], add: Action, change: Action,
    choose: Action,
) -> None:  # fmt: skip
    kind = "image" if model is PortalImage else "document"

    def form(place: Place) -> dict[str, Any]:
        return {
            "title": "新的", "collection": place.collection.pk, "tags": "", "credit": "",
            "description": "一幅画", "web_version": "",
        }  # fmt: skip

    def register(name: str, *needs: Action) -> Callable[[Any], Any]:
        def rename(run: Any) -> Any:
            run.__name__ = name
            return attempt(*needs)(run)

        return rename

    @register(f"upload_{kind}", add)
    def upload(actor: Actor, place: Place) -> bool:
        actor.post(f"{app}:add", data=form(place) | {"file": make_file()})
        return model.objects.filter(title="新的", collection=place.collection).exists()

    @register(f"upload_{kind}_in_chooser", add)
    def upload_in_chooser(actor: Actor, place: Place) -> bool:
        prefix = f"{kind}-chooser-upload"
        data = {f"{prefix}-{key}": value for key, value in form(place).items()}
        data[f"{prefix}-file"] = make_file()
        actor.post(f"{app}_chooser:create", data=data)
        return model.objects.filter(title="新的", collection=place.collection).exists()

    @register(f"move_{kind}_in", add)
    def move_in(actor: Actor, place: Place) -> bool:
        """An own file, made by the actor, whose collection is forged."""
        own = _of(actor.home, model)
        model.objects.filter(pk=own.pk).update(uploaded_by_user=actor.user, title="自己的")
        if place.collection == actor.home.collection:
            return upload(actor, place)
        actor.post(f"{app}:edit", own.pk, data=form(place))
        return model.objects.filter(pk=own.pk, collection=place.collection).exists()

    @register(f"change_{kind}", change)
    def edit(actor: Actor, place: Place) -> bool:
        actor.post(f"{app}:edit", _of(place, model).pk, data=form(place))
        return model.objects.get(pk=_of(place, model).pk).title == "新的"

    @register(f"delete_{kind}", change)
    def delete(actor: Actor, place: Place) -> bool:
        actor.post(f"{app}:delete", _of(place, model).pk)
        return not model.objects.filter(pk=_of(place, model).pk).exists()

    @register(f"delete_{kind}_by_bulk_action", change)
    def bulk_delete(actor: Actor, place: Place) -> bool:
        names = ("wagtail_bulk_action", model._meta.app_label, model._meta.model_name, "delete")
        query = f"?id={_of(place, model).pk}&next=/admin/"
        actor.post(*names, query=query)
        return not model.objects.filter(pk=_of(place, model).pk).exists()

    @register(f"choose_{kind}", choose)
    def choose_one(actor: Actor, place: Place) -> bool:
        return actor.reads("chosen", f"{app}_chooser:chosen", _of(place, model).pk)

    @register(f"find_{kind}_in_chooser", choose)
    def find(actor: Actor, place: Place) -> bool:
        return actor.reads(place.marker, f"{app}_chooser:choose_results", q="机密")


_register(
    PortalImage, "wagtailimages", _picture,
    Action.IMAGE_ADD, Action.IMAGE_CHANGE, Action.IMAGE_CHOOSE,
)  # fmt: skip
_register(
    PortalDocument, "wagtaildocs", _paper,
    Action.DOCUMENT_ADD, Action.DOCUMENT_CHANGE, Action.DOCUMENT_CHOOSE,
)  # fmt: skip


# --- videos and recordings ------------------------------------------------------------------------
def _film() -> Any:
    return SimpleUploadedFile("a.mp4", (SAMPLES / "good.mp4").read_bytes(), "video/mp4")


def _media_form(place: Place) -> dict[str, Any]:
    return {
        "title": "新的", "collection": place.collection.pk, "tags": "", "language": "zh-hans",
        "speechless_reason": "只有音乐", "transcript": "",
    }  # fmt: skip


def _is_there(place: Place) -> bool:
    return PortalMedia.objects.filter(title="新的", collection=place.collection).exists()


@attempt(Action.MEDIA_ADD)
def upload_video(actor: Actor, place: Place) -> bool:
    actor.post("wagtailmedia:add", "video", data=_media_form(place) | {"file": _film()})
    return _is_there(place)


@attempt(Action.MEDIA_ADD)
def upload_video_in_chooser(actor: Actor, place: Place) -> bool:
    data = {f"media-chooser-upload-{key}": value for key, value in _media_form(place).items()}
    data["media-chooser-upload-file"] = _film()
    actor.post("portal_video_chooser:create", data=data)
    return _is_there(place)


@attempt(Action.MEDIA_ADD)
def upload_video_in_the_old_chooser(actor: Actor, place: Place) -> bool:
    """wagtailmedia's own, which no form of the portal opens."""
    data = {f"media-chooser-upload-{key}": value for key, value in _media_form(place).items()}
    data["media-chooser-upload-file"] = _film()
    actor.post("wagtailmedia:chooser_upload", "video", data=data)
    return _is_there(place)


@attempt(Action.MEDIA_ADD)
def move_video_in(actor: Actor, place: Place) -> bool:
    """An own video, made by the actor, whose collection is forged."""
    own = actor.home.video
    PortalMedia.objects.filter(pk=own.pk).update(uploaded_by_user=actor.user, title="自己的")
    if place.collection == actor.home.collection:
        return upload_video(actor, place)
    actor.post("wagtailmedia:edit", own.pk, data=_media_form(place))
    return _is_there(place)


@attempt(Action.MEDIA_CHANGE)
def change_video(actor: Actor, place: Place) -> bool:
    actor.post("wagtailmedia:edit", place.video.pk, data=_media_form(place))
    return PortalMedia.objects.get(pk=place.video.pk).title == "新的"


@attempt(Action.MEDIA_CHANGE)
def delete_video(actor: Actor, place: Place) -> bool:
    actor.post("wagtailmedia:delete", place.video.pk)
    return not PortalMedia.objects.filter(pk=place.video.pk).exists()


@attempt(Action.MEDIA_CHOOSE)
def choose_video(actor: Actor, place: Place) -> bool:
    return actor.reads("chosen", "portal_video_chooser:chosen", place.video.pk)


@attempt(Action.MEDIA_CHOOSE)
def choose_several_videos(actor: Actor, place: Place) -> bool:
    return actor.reads(place.marker, "portal_video_chooser:chosen_multiple", id=place.video.pk)


@attempt(Action.MEDIA_CHOOSE)
def find_video_in_chooser(actor: Actor, place: Place) -> bool:
    return actor.reads(place.marker, "portal_video_chooser:choose_results", q="机密")


# --- websites inside pages --------------------------------------------------------------------------
_WEBSITE = {
    "name": "视频网", "address_pattern": "https://video.example.cn/v/{id}",
    "frame_pattern": "https://player.example.cn/{id}", "is_allowed": "on",
}  # fmt: skip


@attempt(Action.EMBED_HOSTS)
def allow_a_website(actor: Actor, place: Place) -> bool:
    actor.post("embed_hosts:add", data=_WEBSITE)
    return EmbedHost.objects.filter(name="视频网").exists()


@attempt(Action.EMBED_HOSTS)
def change_a_website(actor: Actor, place: Place) -> bool:
    host = EmbedHost.objects.create(**_WEBSITE | {"name": "旧的", "is_allowed": True})
    actor.post("embed_hosts:edit", host.pk, data=_WEBSITE)
    return EmbedHost.objects.get(pk=host.pk).name == "视频网"


@attempt(Action.EMBED_HOSTS)
def delete_a_website(actor: Actor, place: Place) -> bool:
    host = EmbedHost.objects.create(**_WEBSITE | {"is_allowed": True})
    actor.post("embed_hosts:delete", host.pk)
    return not EmbedHost.objects.filter(pk=host.pk).exists()
