"""Channels: which of them a page concerns, and what sends to them."""

import os
from typing import Any

from wagtail.models import Page

from portal.plugin_api import BasePage, PushChannel, PushTarget, push_channels
from portal.reposting.fetching import is_inner
from portal.reposting.models import SECRET_PREFIX, Channel


def kind_choices() -> list[tuple[str, str]]:
    return [(entry.key, str(entry.item.label)) for entry in push_channels.entries()]


def name_of_kind(key: str) -> str:
    return dict(kind_choices()).get(key, key)


def kind_named(key: str, site_pk: int | None) -> PushChannel | None:
    """The provider of a kind, where its plugin is on at the site."""
    for entry in push_channels.entries(site_pk):
        if entry.key == key:
            return entry.item
    return None


def target_of(channel: Channel) -> PushTarget:
    """With the key from the environment, where it has one of a name that may be asked for."""
    name = channel.secret_name
    secret = os.environ.get(name, "") if name.startswith(SECRET_PREFIX) else ""
    return PushTarget(
        name=channel.name,
        address=channel.address,
        secret=secret,
        options={"secret_name": name},
        allow_private=is_inner(channel.address),
    )


def problem_of(channel: Channel) -> str:
    """Why nothing can be sent by a channel, in the words of its provider; "" where nothing is
    wrong."""
    provider = kind_named(channel.kind, channel.site_id)
    if provider is None:
        return "This kind of channel is not installed or is switched off."
    if not provider.is_connected:
        return str(provider.note)
    return provider.problem(target_of(channel))


def page_kind_choices() -> list[tuple[str, str]]:
    """Kinds of pages that stand in lists: what a rule can name."""
    from django.apps import apps

    found = [
        (model._meta.label_lower, str(model._meta.verbose_name))
        for model in apps.get_models()
        if issubclass(model, BasePage) and getattr(model, "is_listed", False)
    ]
    return sorted(found, key=lambda pair: pair[1])


def channels_for(page: Page, site_pk: int) -> list[Channel]:
    """The active channels whose rule takes a page. Two queries."""
    rows: Any = Channel.objects.filter(site=site_pk, is_active=True, pushes=True).prefetch_related(
        "columns"
    )
    kind = page.specific_class._meta.label_lower if page.specific_class else ""
    listed = {name for name, _label in page_kind_choices()}
    return [row for row in rows if kind in listed and _takes(row, page, kind)]


def _takes(channel: Channel, page: Page, kind: str) -> bool:
    if channel.page_kinds and kind not in channel.page_kinds:
        return False
    paths = [column.path for column in channel.columns.all()]
    return not paths or any(page.path.startswith(path) for path in paths)
