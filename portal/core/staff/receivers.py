"""What keeps an account: using it, opening it again."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils import timezone

from portal.core.models import User


@receiver(user_logged_in)
def _used_again(user: User, **_kwargs: Any) -> None:
    if user.warned_idle_at is not None:
        user.warned_idle_at = None
        user.save(update_fields=["warned_idle_at"])


@receiver(pre_save, sender=User)
def _opened_again(instance: User, update_fields: Any = None, **_kwargs: Any) -> None:
    """Whoever opens an account again gives it its days anew."""
    if instance.pk is None or not instance.is_active or update_fields is not None:
        return
    if User.objects.filter(pk=instance.pk, is_active=False).exists():
        instance.reactivated_at, instance.warned_idle_at = timezone.now(), None
