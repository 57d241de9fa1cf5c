"""Factories for tests. Traits stand for states; what a test does not care about has a default.

Pages are made the short way (``add_child`` of a live page), which passes the publish gate like any
other; ``publish()`` goes the long way with a revision, as editors do.
"""

from .core import (
    DocumentFactory,
    ImageFactory,
    MediaFactory,
    OrganisationFactory,
    UserFactory,
    member,
)
from .languages import open_language, without_foreign
from .pages import (
    ArticleFactory,
    ColumnFactory,
    ExternalLinkFactory,
    LeaderFactory,
    OrganisationPageFactory,
    PortalHomeFactory,
    StandardPageFactory,
    SubSiteFactory,
    TopicFactory,
    publish,
    text,
)
from .reviews import ALL_CLEAR, handed_in, open_round_of, reviewed, signed_by
from .worlds import World, add_host_sub_site, add_path_sub_site, make_world

__all__ = [
    "ALL_CLEAR",
    "ArticleFactory",
    "ColumnFactory",
    "DocumentFactory",
    "ExternalLinkFactory",
    "ImageFactory",
    "LeaderFactory",
    "MediaFactory",
    "OrganisationFactory",
    "OrganisationPageFactory",
    "PortalHomeFactory",
    "StandardPageFactory",
    "SubSiteFactory",
    "TopicFactory",
    "UserFactory",
    "World",
    "add_host_sub_site",
    "add_path_sub_site",
    "handed_in",
    "make_world",
    "member",
    "open_language",
    "open_round_of",
    "publish",
    "reviewed",
    "signed_by",
    "text",
    "without_foreign",
]
