"""Registered for the guides themselves: dependants, figures watched, cards, oversight."""

from portal.plugin_api import (
    card_sources,
    dashboard_panels,
    dependants,
    publication_followers,
    watched_texts,
)

from .cards import GuideCards
from .dependants import Guides
from .oversight_panels import OversightReminders
from .services.records import RecordFollower
from .watched import WatchedGuides

dependants.register("guides", Guides())
watched_texts.register("guides", WatchedGuides())
card_sources.register("guides", GuideCards())
publication_followers.register("records", RecordFollower())
dashboard_panels.register("oversight", OversightReminders())
