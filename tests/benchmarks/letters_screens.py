"""What is asked of services, letters and participation: every screen, by whom, and its bar.

``screens`` gives them for the world as it is; what is looked at (a letter, a guide, a solicitation)
is the same with few rows and with many.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from .letters_guides import fullest
from .letters_world import token_of

# SQL queries: those of the column list and of the admin's explorer in the house's bars.
PUBLIC, ADMIN, API, NONE = 12, 40, 12, None
STATES = ("", "state=open", "state=answered", "due=overdue", "due=soon", "due=unpublished",
          "due=waiting_long", "due=extended", "due=reopened", "kind=complaint", "channel=hotline",
          "language=en")  # fmt: skip


@dataclass(frozen=True)
class Screen:
    """``who`` is a username, "" a visitor; ``work`` is called in place of a request.

    ``queries`` None: not judged by their number (work in the background, files).
    """

    key: str
    path: str = ""
    who: str = ""
    queries: int | None = PUBLIC
    post: dict[str, Any] | None = None
    json: Callable[[], dict[str, Any]] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    work: Callable[[], object] | None = None
    undone: bool = False


@dataclass(frozen=True)
class Looked:
    """What the screens look at."""

    number: str
    code: str
    letter: int
    open_letter: int
    own_letter: int
    site: int
    site_code: str
    unit: int
    year: int
    guide: int
    guide_path: str
    comment: int
    solicitation: int
    solicitation_path: str
    survey: int
    survey_path: str
    key: str


def screens(at: Looked) -> list[Screen]:
    return [*_letters_public(at), *_services_public(at), *_participation_public(at),
            *_desk(at), *_others_in_admin(at), *_sweeps(at)]  # fmt: skip


def _get(key: str, path: str, **query: Any) -> Screen:
    queries = API if path.startswith("/api/") else PUBLIC
    return Screen(key, f"{path}?{urlencode(query)}" if query else path, queries=queries)


def _letters_public(at: Looked) -> list[Screen]:
    typed = {"subject": "小区加装电梯的补贴怎样领", "text": "听说加装电梯有补贴，要我们先垫钱吗？"}
    return [
        _get("letters hub", "/letters/"),
        _get("ledger", "/letters/public/"),
        _get("ledger, last page", "/letters/public/", page=_last_page()),
        _get("ledger, kind", "/letters/public/", kind="complaint"),
        _get("ledger, unit", "/letters/public/", unit=at.unit),
        _get("ledger, year", "/letters/public/", year=at.year),
        _get("ledger, theme", "/letters/public/", theme="住房保障"),
        _get("ledger, language", "/letters/public/", language="en"),
        _get("ledger, words", "/letters/public/", q="电梯 补贴"),
        _get("ledger, rare words", "/letters/public/", q="绝无仅有"),
        _get("ledger, number", "/letters/public/", q=at.number),
        _get("ledger of a site", "/letters/public/", site=at.site_code),
        _get("public letter", f"/letters/public/{at.number}/"),
        _get("figures of letters", "/letters/figures/"),
        _get("figures of letters, a year", "/letters/figures/", year=at.year - 1),
        _get("feed of letters", "/letters/public/feed.xml"),
        _get("form for a letter", "/letters/write/"),
        _get("form for an error", "/letters/error/"),
        Screen("alike, while writing", "/letters/similar/", post=typed),
        _get("status, asked for", "/letters/status/"),
        Screen("status of a letter", "/letters/status/",
               post={"number": at.number, "code": at.code}),
        _get("API: ledger", "/api/v1/letters/ledger"),
        _get("API: ledger, words", "/api/v1/letters/ledger", q="电梯"),
        _get("API: public letter", f"/api/v1/letters/ledger/{at.number}"),
        _get("API: figures", "/api/v1/letters/figures", year=at.year),
        Screen("API: forwarded", "/api/v1/letters/forwarded/UP-0000042", queries=API,
               headers={"X-Letters-Key": at.key}),
        Screen("API: intake", "/api/v1/letters", queries=60, undone=True,
               headers={"X-Letters-Key": at.key},
               json=lambda: {"kind": "complaint", "subject": typed["subject"],
                             "text": typed["text"]}),
    ]  # fmt: skip


def _last_page() -> int:
    from portal.interaction.selectors.ledger import MOST, public_letters
    from portal.interaction.views_public_ledger import PER_PAGE

    return -(-min(public_letters().count(), MOST) // PER_PAGE)


def _services_public(at: Looked) -> list[Screen]:
    return [
        _get("services entrance", "/services/"),
        _get("services, life event", "/services/", event="zhufang"),
        _get("services, subject", "/services/", subject="jiaoyu"),
        _get("services, A–Z", "/services/", letter="J"),
        _get("services, companies", "/services/", served="legal"),
        _get("services, words", "/services/", q="我想办居住证"),
        _get("services, no such words", "/services/", q="绝无仅有"),
        _get("services, far page", "/services/", served="natural", page=20),
        _get("catalogue of services", "/services/catalogue/"),
        _get("catalogue, page 3", "/services/catalogue/", page=3),
        _get("online resource list", "/services/online/"),
        _get("guided search", "/services/guided/"),
        _get("guide", at.guide_path),
        _get("guide on paper", at.guide_path, print=1),
        _get("ratings of a guide", f"/services/{at.guide}/ratings/"),
        _get("API: guides", "/api/v1/services/guides"),
        _get("API: guides, words", "/api/v1/services/guides", q="居住证"),
        _get("API: guide", f"/api/v1/services/guides/{at.guide}"),
        _get("API: terms", "/api/v1/services/terms"),
    ]


def _participation_public(at: Looked) -> list[Screen]:
    return [
        _get("participation hub", "/participation/"),
        _get("hub, surveys", "/participation/", kind="survey"),
        _get("feed of participation", "/participation/feed.xml"),
        _get("solicitation", at.solicitation_path),
        _get("survey with result", at.survey_path),
        _get("API: activities", "/api/v1/participation"),
    ]


def _desk(at: Looked) -> list[Screen]:
    found = [
        Screen(f"all letters, {query or 'unfiltered'}", f"/admin/letters/all/?{query}", "bench")
        for query in (*STATES, f"unit={at.unit}", f"site={at.site}",
                      urlencode({"q": "电梯 补贴"}), urlencode({"q": "绝无仅有"}), f"q={at.number}")
    ] + [
        Screen(f"{name}, {who}", path, who)
        for who in ("bench", "letters-clerk", "letters-zjj", "letters-head", "letters-releaser")
        for name, path in (
            ("my letters", "/admin/letters/"),
            ("all letters", "/admin/letters/all/"),
            ("first page of the admin", "/admin/"),
        )
    ]  # fmt: skip
    one = f"/admin/letters/{at.letter}/"
    return [
        # To whom all is open, the first page asks every plugin for what waits: not judged by number.
        *(Screen(s.key, s.path, s.who, NONE if (s.who, s.path) == ("bench", "/admin/") else ADMIN)
          for s in found),
        Screen("all letters, page 40", "/admin/letters/all/?p=40", "bench", ADMIN),
        Screen("all letters, rare words, clerk", "/admin/letters/all/?" +
               urlencode({"q": "绝无仅有"}), "letters-clerk", ADMIN),
        Screen("letter, answered", one, "letters-clerk", ADMIN),
        Screen("letter, open", f"/admin/letters/{at.open_letter}/", "letters-clerk", ADMIN),
        Screen("letter, being written", f"/admin/letters/{at.own_letter}/", "bench", 45),
        Screen("side panel", f"{one}material/", "letters-clerk", ADMIN),
        Screen("letter on paper", f"{one}print/", "letters-clerk", ADMIN),
        Screen("publish a result", f"{one}publish/", "letters-clerk", ADMIN),
        Screen("bulk assign", "/admin/letters/assign/", "letters-clerk", ADMIN,
               post={"letter": [at.open_letter]}),
        Screen("desk figures", f"/admin/letters/figures/?site={at.site}", "bench", ADMIN),
        Screen("desk figures, a year", f"/admin/letters/figures/?site={at.site}&year={at.year}",
               "bench", ADMIN),
        Screen("questions of a month", f"/admin/letters/questions/?site={at.site}",
               "bench", ADMIN),
        Screen("kinds of letters", "/admin/letter-kinds/", "bench", ADMIN),
        Screen("keys of programs", "/admin/letters/keys/", "bench", ADMIN),
        Screen("queue of comments", "/admin/comments/", "bench", ADMIN),
        Screen("comments, shown", "/admin/comments/?state=shown", "bench", ADMIN),
        Screen("comments, all", "/admin/comments/?state=", "bench", ADMIN),
        Screen("comments, with findings", "/admin/comments/?findings=1", "bench", ADMIN),
        Screen("comments, words", "/admin/comments/?" + urlencode({"state": "", "q": "绝无仅有"}),
               "bench", ADMIN),
        Screen("one comment", f"/admin/comments/{at.comment}/", "bench", ADMIN),
        Screen("places for comments", "/admin/comments/places/", "bench", ADMIN),
    ]  # fmt: skip


def _others_in_admin(at: Looked) -> list[Screen]:
    return [
        Screen(key, path, "bench", ADMIN)
        for key, path in (
            ("guides report", "/admin/reports/services/"),
            ("guides report, title", f"/admin/reports/services/?{urlencode({'title': '居住证'})}"),
            ("guides report, score", "/admin/reports/services/?score=key"),
            ("guides report, missing", "/admin/reports/services/?missing=promise"),
            ("guides report, never confirmed", "/admin/reports/services/?counter=never"),
            ("guides report, disputed", "/admin/reports/services/?counter=disputed"),
            ("guides report, page 9", "/admin/reports/services/?p=9"),
            ("compare with the counter", f"/admin/services/{at.guide}/compare/"),
            ("figures of services", "/admin/services/figures/"),
            ("ratings of services", "/admin/service-ratings/"),
            ("exchange of guides", "/admin/service-imports/"),
            ("participation", "/admin/participation/"),
            ("opinions", f"/admin/participation/{at.solicitation}/"),
            ("opinions, page 20", f"/admin/participation/{at.solicitation}/?p=20"),
            ("opinions, open", f"/admin/participation/{at.solicitation}/?state=open"),
            ("survey, staff", f"/admin/participation/{at.survey}/"),
            ("participation in the year", "/admin/reports/participation/"),
        )
    ]


def _sweeps(at: Looked) -> list[Screen]:
    """What runs by itself, and what other parts ask each night."""
    import datetime

    from django.utils import timezone

    from portal.interaction.asked_often import AskedInLetters
    from portal.interaction.measured import LettersMeasured
    from portal.interaction.selectors.monitors import monitor
    from portal.interaction.services import upkeep
    from portal.participation.services.activities import follow_site

    today = timezone.localdate()
    month = {"first": today - datetime.timedelta(days=90), "last": today}
    return [
        Screen(key, work=work, queries=NONE, undone=True)
        for key, work in (
            ("sweep: every ten minutes", lambda: upkeep.look_after(at.site)),
            ("sweep: each night", lambda: upkeep.watch(at.site)),
            ("sweep: participation", lambda: follow_site(at.site)),
            ("monitor of letters", lambda: monitor(site=at.site)),
            ("report of all functions", lambda: LettersMeasured().measures(site=at.site, **month)),
            ("hot topics", lambda: list(AskedInLetters().hot_topics(site=at.site))),
        )
    ]


def looked_at() -> Looked:
    """The things that the screens look at, taken in the smaller world."""
    from django.utils import timezone

    from portal.core import structure
    from portal.interaction.models import Comment, IntakeKey, Letter
    from portal.interaction.services.codes import code_for, token_hash
    from portal.interaction.services.keys import make_key
    from portal.participation.models import SolicitationPage, SurveyPage
    from portal.services.models import GuidePage

    found = structure.current()
    number = next(
        number
        for number in range(1_000)
        if Letter.objects.filter(
            token_hash=token_hash(token_of(number)), published_at__isnull=False,
            site=found.main_site_pk, language="zh-hans",
        ).exists()
    )  # fmt: skip
    letter = Letter.objects.get(token_hash=token_hash(token_of(number)))
    main = Letter.objects.filter(site=letter.site_id, token_hash__isnull=False)
    guide = GuidePage.objects.live().exclude(slug__startswith="bench").order_by("pk")[0]
    asking = fullest(SolicitationPage, "opinions")
    survey = fullest(SurveyPage, "sheets")
    IntakeKey.objects.filter(name="bench").delete()
    _key, whole = make_key(site=letter.site_id, name="bench", by=None, per_minute=10_000,
                           per_day=1_000_000)  # fmt: skip
    url = found.url
    return Looked(
        number=letter.number,
        code=code_for(letter.number, token_of(number)),
        letter=letter.pk,
        open_letter=main.filter(state="accepted").order_by("pk")[0].pk,
        own_letter=main.filter(state="handling").order_by("pk")[0].pk,
        site=letter.site_id,
        site_code=letter.site.code,
        unit=letter.unit_id or 0,
        year=timezone.localdate().year,
        guide=guide.pk,
        guide_path=url(guide.url_path),
        comment=Comment.objects.filter(state="shown").order_by("pk")[0].pk,
        solicitation=asking.pk,
        solicitation_path=url(asking.url_path),
        survey=survey.pk,
        survey_path=url(survey.url_path),
        key=whole,
    )
