from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):  # type: ignore[django-manager-missing]
    """An account. What it may do comes from its groups; the table of roles is ``core.roles``."""

    organisation = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="users",
    )

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def get_full_name(self) -> str:
        """As the name is read: in Han characters the family name first, without a space."""
        name = f"{self.last_name}{self.first_name}".strip()
        if name and all("\u3400" <= sign <= "\u9fff" or sign == "·" for sign in name):
            return name
        return super().get_full_name()
