"""Traditional Chinese in the portal's registries."""

from portal.plugin_api import page_variants

from .script.variant import traditional_chinese

page_variants.register("traditional", traditional_chinese)
