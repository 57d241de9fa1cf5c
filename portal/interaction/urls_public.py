"""Pages of letters for visitors, in Chinese below ``/letters/``."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from . import views_public_ledger as ledger
from . import views_public_status as status
from . import views_public_write as write


class _Number(StringConverter):
    """The number of a letter as it is printed."""

    regex = r"[A-Z0-9]{1,6}-\d{6}-\d{7}"


class _Token(StringConverter):
    regex = r"[\w-]{16,100}"


register_converter(_Number, "letter_number")
register_converter(_Token, "letter_token")

# The same below each language; the hub there is the short form of the section in that language.
pages = [
    path("write/", write.write, name="write"),
    path("error/", write.report_error, name="error"),
    path("draft/<letter_token:token>/", write.prepared, name="draft"),
    path("similar/", write.similar, name="similar"),
    path("status/", status.status, name="status"),
    path("public/", ledger.public_list, name="public"),
    path("public/feed.xml", ledger.feed, name="feed"),
    path("public/<letter_number:number>/", ledger.public_detail, name="detail"),
    path("public/<letter_number:number>/useful/", ledger.useful, name="useful"),
    path("figures/", ledger.statistics, name="figures"),
    path("figures/events.csv", ledger.statistics_file, {"ending": "csv"}, name="figures_csv"),
    path("figures/events.json", ledger.statistics_file, {"ending": "json"}, name="figures_json"),
]
urlpatterns = [path("", ledger.hub, name="hub"), *pages]
