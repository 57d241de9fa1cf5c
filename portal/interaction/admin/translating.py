"""A first draft of what a foreign letter says, from the translator of the portal."""

from django.utils.translation import gettext as _

from portal.interaction.masking import masked
from portal.interaction.models import Letter, LetterSender
from portal.plugin_api import CapabilityUnavailable, capability, translator


def translator_draft(letter: Letter) -> str:
    """The letter in Chinese, by machine, personal data masked; "" where no translator is there."""
    provider = capability(translator, letter.site_id)
    if provider is None or letter.language.startswith("zh"):
        return ""
    paragraphs = [letter.subject, *filter(None, letter.text.splitlines())]
    names = list(LetterSender.objects.filter(letter=letter).values_list("name", flat=True))
    texts = [masked(paragraph, filter(None, names)) for paragraph in paragraphs]
    try:
        found = provider.translate(texts, source=letter.language, target="zh-hans")
    except CapabilityUnavailable:
        return _("(The translator does not answer at present.)")
    return "\n\n".join(found)
