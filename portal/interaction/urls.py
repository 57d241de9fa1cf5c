"""Below ``/letters/``. Reversed as ``interaction:<name>``."""

from . import urls_comments, urls_public

urlpatterns = [*urls_public.urlpatterns, *urls_comments.urlpatterns]
