from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
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
    contractor = models.CharField(
        _("contractor"),
        max_length=120,
        blank=True,
        help_text=_("The company, where this is not a person of the own staff."),
    )
    ends_on = models.DateField(
        _("last day"),
        null=True,
        blank=True,
        help_text=_("The end of the contract. The account cannot be used from the day after."),
    )
    password_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    warned_idle_at = models.DateTimeField(null=True, blank=True, editable=False)
    reactivated_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def clean(self) -> None:
        super().clean()
        if self.contractor and self.ends_on is None:
            raise ValidationError({"ends_on": _("A contractor's account ends with the contract.")})

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password)
        self.password_changed_at = timezone.now()

    def get_full_name(self) -> str:
        """As the name is read: in Han characters the family name first, without a space."""
        name = f"{self.last_name}{self.first_name}".strip()
        if name and all("\u3400" <= sign <= "\u9fff" or sign == "·" for sign in name):
            return name
        return super().get_full_name()
