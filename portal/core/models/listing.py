"""Listing rows: what column lists and home pages read, and nothing else."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ListingRow(models.Model):
    """One public page in one container (its column, and each container above that shows it).

    A row exists exactly while its page is public and listed there; so there is no "live" column.
    """

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    container = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    is_own = models.BooleanField(default=True, help_text="The container is the page's own column.")
    is_pinned = models.BooleanField(default=False)
    date = models.DateTimeField()
    title = models.CharField(max_length=255)
    summary = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=40)
    mark = models.CharField(
        max_length=20, blank=True, help_text="A Standing that readers must know of, or empty."
    )
    image = models.ForeignKey(
        "core.PortalImage", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    image_url = models.CharField(max_length=255, blank=True)
    image_srcset = models.TextField(blank=True, help_text="The same picture in other widths.")
    image_alt = models.CharField(max_length=255, blank=True)
    image_width = models.PositiveIntegerField(default=0)
    image_height = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("listing row")
        constraints = [
            models.UniqueConstraint(fields=["page", "container"], name="core_listing_unique")
        ]
        indexes = [
            models.Index(
                fields=["container", "-is_pinned", "-date", "-page"],
                name="core_listing_order",
            ),
            models.Index(fields=["container", "-date", "-page"], name="core_listing_date"),
            models.Index(fields=["container", "kind", "-date", "-page"], name="core_listing_kind"),
        ]

    def __str__(self) -> str:
        return self.title


class ListingCount(models.Model):
    """How many rows a container has: lists and menus never count."""

    container = models.OneToOneField(
        "wagtailcore.Page", on_delete=models.CASCADE, related_name="listing_count"
    )
    count = models.PositiveIntegerField(default=0)
    latest = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("listing count")

    def __str__(self) -> str:
        return f"{self.container_id}: {self.count}"
