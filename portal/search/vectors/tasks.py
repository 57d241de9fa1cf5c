"""Work of the search by meaning in the background."""

from django.core.cache import cache
from django.tasks import task

# The worker has other things to do, too.
_SECONDS = 40.0
_PAUSE = 60


@task
def fill_vectors() -> int:
    """Make missing vectors for a while, and again while there are some."""
    from .filling import fill

    done = fill(seconds=_SECONDS)
    if done.made and done.waiting:
        fill_vectors.enqueue()  # behind what came in meanwhile
    return done.made


def fill_soon(_site: int | None = None) -> None:
    """Ask for what is missing, if anything is; many callers in a row ask once."""
    from .embedding import embedder, full_name
    from .filling import waiting

    model = embedder()
    if model is None or not waiting(full_name(model.model)).exists():
        return
    if cache.add("portal_search.vectors", True, _PAUSE - 5):
        fill_vectors.enqueue()
