"""The process of the page store, where the plugin is there and pages are stored. No Django."""

from collections.abc import Mapping

from .contributions import NOTHING, Contribution
from .processes import ProcessSpec

SPEC = ProcessSpec(
    name="pages",
    purpose="keeps the finished pages of this machine right",
    module="portal",
    arguments=("run_page_store",),
    nice=5,
)


def contribute(environ: Mapping[str, str], _url: str) -> Contribution:
    """Nothing where no pages are stored."""
    left_out = {word.strip() for word in environ.get("PORTAL_PLUGINS_DISABLED", "").split(",")}
    if environ.get("PORTAL_PAGE_STORE") == "0" or "publishing" in left_out:
        return NOTHING
    return Contribution(processes=(SPEC,))
