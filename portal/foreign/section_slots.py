"""What the plugin contributes to the portal's registries; the work is done where it belongs."""

from portal.plugin_api import demo_content, language_keepers, page_limits

from .demo_content import DemoSections
from .keeping import SectionKeeper
from .limits import TeamLimits

language_keepers.register("sections", SectionKeeper())
page_limits.register("teams", TeamLimits())
demo_content.register("sections", DemoSections())
