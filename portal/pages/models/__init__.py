"""The page types. Import them from here."""

from .articles import ArticlePage, ExternalLinkPage, StandardPage
from .column_types import ColumnType
from .columns import ColumnPage
from .homes import PortalHomePage, SubSitePage, TopicPage
from .house_style import SiteHouseStyle
from .units import LeaderPage, LeaderSpeech, OrganisationPage

__all__ = [
    "ArticlePage",
    "ColumnPage",
    "ColumnType",
    "ExternalLinkPage",
    "LeaderPage",
    "LeaderSpeech",
    "OrganisationPage",
    "PortalHomePage",
    "SiteHouseStyle",
    "StandardPage",
    "SubSitePage",
    "TopicPage",
]
