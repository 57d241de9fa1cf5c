"""What interviews enter into the portal's registries."""

from portal.plugin_api import demo_content

from .demo_interviews import DemoInterviews

demo_content.register("interviews", DemoInterviews())
