"""Keywords of listed pages: what lists by keyword read."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ListingKeyword(models.Model):
    """One keyword of one public page, for the site (by its home) that the page lies in.

    ``row`` is the page's row in its own column; ``date`` repeats the row's, so that the newest of a
    keyword are found in the index alone. ``keyword`` is as ``portal.core.keywords`` folds it.
    """

    row = models.ForeignKey("core.ListingRow", on_delete=models.CASCADE, related_name="keywords")
    home = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    keyword = models.CharField(max_length=40)
    date = models.DateTimeField()

    class Meta:
        verbose_name = _("keyword of a listed page")
        constraints = [
            models.UniqueConstraint(fields=["row", "keyword"], name="core_keyword_unique")
        ]
        indexes = [
            models.Index(fields=["home", "keyword", "-date", "-row"], name="core_keyword_newest")
        ]

    def __str__(self) -> str:
        return self.keyword
