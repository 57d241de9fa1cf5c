"""What this plugin enters into the portal's registries."""

from portal.plugin_api import demo_content

from .demo_content import DemoDrafts

demo_content.register("drafts", DemoDrafts())
