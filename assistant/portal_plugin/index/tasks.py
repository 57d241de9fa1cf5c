"""Work of the index in the background."""

from django.core.cache import cache
from django.tasks import task

from assistant.retrieval.embedders import Unavailable
from assistant.retrieval.texts import texts_of

# One task does it for all that was published meanwhile; the rest is found each minute.
_PAUSE = 10
# The worker has other things to do, too.
_SECONDS = 40
# While very many entries get their vectors, a new base is made from time to time.
_BASE_PAUSE = 600


@task
def embed_waiting() -> int:
    """Make missing vectors for a while, and again while there are some."""
    from . import compaction, embedding

    done = embedding.embed_missing(seconds=_SECONDS)
    if done.made > embedding.FEW and (
        not done.waiting or cache.add("assistant.index.base", True, _BASE_PAUSE)
    ):
        compaction.make_base()
    if done.made and done.waiting:
        embed_waiting.enqueue()  # behind what came in meanwhile
    return done.made


@task
def embed_draft(page_pk: int) -> int:
    """The vectors of a draft's texts, so that publishing only flips a row."""
    from assistant.portal_plugin.models import QuestionPage

    from . import embedding, services
    from .source import entry_of

    page = QuestionPage.objects.filter(pk=page_pk).first()
    if page is None:
        return 0
    draft = page.get_latest_revision_as_object()
    texts = texts_of(entry_of(services.row_of(draft)))
    try:
        return embedding.embed_texts([texts])
    except Unavailable:
        return 0  # published or not, the clock asks again


@task
def make_base() -> None:
    """Make the base anew, if it is due."""
    from . import compaction

    compaction.make_base_if_due()


def embed_soon() -> None:
    """Ask for vectors; many callers in a row ask once."""
    if cache.add("assistant.index.embedding", True, _PAUSE):
        embed_waiting.enqueue()
