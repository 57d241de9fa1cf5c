"""What the checks remember: texts that are nearly the same, and links with what became of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .records import LibraryRecord


class NearDuplicate(models.Model):
    """Two records whose texts are nearly the same. Open until the texts change or someone decides.

    ``newer`` is the one with the higher key. A decision is kept, whatever the texts become.
    """

    older = models.ForeignKey(LibraryRecord, on_delete=models.CASCADE, related_name="+")
    newer = models.ForeignKey(LibraryRecord, on_delete=models.CASCADE, related_name="+")
    percent = models.PositiveSmallIntegerField(_("in common (%)"))
    dismissed_at = models.DateTimeField(null=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["newer", "older"], name="library_pair_once"),
        ]
        indexes = [
            models.Index(fields=["-id"], condition=Q(dismissed_at=None), name="library_pair_open")
        ]

    def __str__(self) -> str:
        return f"{self.older_id} ~ {self.newer_id}"


class Problem(models.TextChoices):
    """Why a link leads nowhere."""

    NONE = "", pgettext_lazy("link", "works, or was not looked at yet")
    GONE = "gone", pgettext_lazy("link", "the page was deleted")
    HIDDEN = "hidden", pgettext_lazy("link", "the page is not public")
    NO_FILE = "no_file", pgettext_lazy("link", "the file is missing")
    NOT_FOUND = "not_found", pgettext_lazy("link", "nothing is at this address")
    FAILS = "fails", pgettext_lazy("link", "the address answers with an error")
    NO_ANSWER = "no_answer", pgettext_lazy("link", "nobody answers at this address")
    PRIVATE = "private", pgettext_lazy("link", "leads into a network that is not public")


class Link(models.Model):
    """A link in the text of a page: to a page, to a file, or to an address.

    ``target`` is a key for pages and files, an absolute address without its fragment otherwise.
    ``host`` is filled for addresses of others only; these are asked where the operator allows it.
    """

    class Kind(models.TextChoices):
        PAGE = "page", pgettext_lazy("link", "page")
        DOCUMENT = "document", pgettext_lazy("link", "document")
        IMAGE = "image", pgettext_lazy("link", "image")
        MEDIA = "media", pgettext_lazy("link", "video or recording")
        ADDRESS = "address", pgettext_lazy("link", "address")

    record = models.ForeignKey(LibraryRecord, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(max_length=8, choices=Kind)
    target = models.CharField(max_length=1000)
    host = models.CharField(max_length=255, blank=True)
    problem = models.CharField(max_length=9, choices=Problem, blank=True)
    since = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["checked_at"], condition=~Q(host=""), name="library_link_outside"),
            models.Index(fields=["host"], condition=~Q(host=""), name="library_link_host"),
            models.Index(fields=["-id"], condition=~Q(problem=""), name="library_link_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.target}"
