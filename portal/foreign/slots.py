"""What the plugin contributes to the portal's registries; the work is done where it belongs."""

from portal.plugin_api import demo_content, language_keepers, page_limits, page_variants

from . import card_slots  # noqa: F401 - registers
from .demo_content import DemoSections
from .keeping import SectionKeeper
from .limits import TeamLimits
from .script.variant import traditional_chinese

language_keepers.register("sections", SectionKeeper())
page_limits.register("teams", TeamLimits())
demo_content.register("sections", DemoSections())
page_variants.register("traditional", traditional_chinese)
