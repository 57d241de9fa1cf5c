"""Letters that were filled in for somebody who has not sent them yet."""

from django.db import models
from django.utils import timezone


class PreparedLetter(models.Model):
    """What another part of the portal filled in (``letters.prepare``). It counts as nothing until
    its writer sends it; ``token_hash`` is that of the token in its address."""

    site = models.ForeignKey("core.SiteRecord", on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=14)
    subject = models.CharField(max_length=120)
    text = models.TextField()
    language = models.CharField(max_length=12)
    page_path = models.CharField(max_length=500, blank=True)
    error_kind = models.CharField(max_length=12, blank=True)
    conversation = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.made_at:%Y-%m-%d}"
