from portal.plugin_api import receipt_parts

from .receipts import FeedsPart

receipt_parts.register("feeds", FeedsPart())
