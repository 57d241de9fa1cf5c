from django.utils.translation import gettext_lazy as _

from portal.plugin_api import PortalPluginConfig

from .jobs import COUNT_LOG, FIND_TASKS, FORGET_LOG, SAMPLE

# Shown when the plugin is switched on, and the label of the job.
LOOK_AFTER = _("Each night: compares the search index with what is public and mends it.")
FILL_VECTORS = _("Each minute: looks for documents that are not yet found by their meaning.")
FORGET_VECTORS = _("Each night: forgets the meaning of documents that are gone.")


class SearchConfig(PortalPluginConfig):
    name = "portal.search"
    # "search" is the label of Wagtail's own application.
    label = "portal_search"
    verbose_name = _("Search")
    default_auto_field = "django.db.models.BigAutoField"

    class PluginMeta:
        slug = "search"
        title = _("Search")
        description = _(
            "One box for everything that is published: found by official and everyday words, "
            "pinyin, initials, wrong characters, traditional script, document number and meaning."
        )
        version = "1.0.0"
        level = "platform"
        requires_portal = ">=0.1,<1"
        # Before the others: what searches better than they do is asked first (`passages`).
        order = 5
        default_enabled = True
        language_urls = "portal.search.language_urls"
        jobs = (COUNT_LOG, FILL_VECTORS, FIND_TASKS, FORGET_LOG, FORGET_VECTORS, LOOK_AFTER, SAMPLE)
        data = (
            _("Synonyms, phrases, best bets, blocked words and weights, with who changed them."),
            _("What was looked for, without anything about who did; tasks made of it."),
        )
