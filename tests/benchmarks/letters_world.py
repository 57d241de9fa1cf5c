"""A city's letters in bulk: rows as the desk's moves leave them, figures included.

Number 4711 is the same letter in every run, so a world grows by adding numbers. The shares are
those of a desk that has been at work for five years: nearly all letters are closed and answered,
most answers are public, the open ones came within the last weeks; what was joined with another letter was answered with it. Texts are those of the demo city
with a place and a number of their own.
"""

import datetime
import random
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

BATCH = 2_000
YEARS = 5
_STATES = (
    ("answered", 900), ("invalid", 20), ("refused", 12), ("directed", 15), ("forwarded", 12),
    ("withdrawn", 11), ("received", 3), ("accepted", 3), ("assigned", 4),
    ("handling", 4), ("in_review", 2), ("approved", 2),
)  # fmt: skip
# As many as fill the first page of every queue, so that full pages are compared in both worlds.
FIRST_OPEN = 300
_OPEN = ("received", "accepted", "assigned", "handling", "in_review", "approved")
_PLACES = [
    f"{street}{kind}"
    for street in (
        "云栖", "望湖", "临江", "翠屏", "锦绣", "长虹", "东风", "文昌", "凤凰", "青石",
        "柳岸", "松涛", "银杏", "金沙", "双桥", "荷塘", "南湾", "北苑", "西岭", "朝阳",
    )
    for kind in ("小区", "花园", "街道", "路口", "市场", "新村", "家园", "学校旁", "公园", "地铁站")
]  # fmt: skip


@dataclass
class Batch:
    """The rows of some letters, by model; figures are added up."""

    letters: list[Any] = field(default_factory=list)
    senders: list[Any] = field(default_factory=list)
    steps: list[Any] = field(default_factory=list)
    replies: list[Any] = field(default_factory=list)
    files: list[Any] = field(default_factory=list)
    ratings: list[Any] = field(default_factory=list)
    follow_ups: list[Any] = field(default_factory=list)
    transfers: list[Any] = field(default_factory=list)
    advice: list[Any] = field(default_factory=list)
    clocks: list[Any] = field(default_factory=list)
    entries: list[Any] = field(default_factory=list)
    alarms: list[Any] = field(default_factory=list)
    notices: list[Any] = field(default_factory=list)
    comments: list[Any] = field(default_factory=list)


class World:
    """Sites, units, people and words that letters are made of; read once."""

    def __init__(self, now: datetime.datetime) -> None:
        self.now = now
        self.figures: Counter[tuple[Any, ...]] = Counter()

    @cached_property
    def sites(self) -> list[Any]:
        """The main portal most of all, and three of its sub-sites."""
        from portal.core import structure
        from portal.core.models import SiteRecord

        main = structure.current().main_site_pk
        others = SiteRecord.objects.exclude(pk=main).filter(state="running").order_by("pk")[:3]
        return [SiteRecord.objects.get(pk=main)] * 7 + list(others)

    @cached_property
    def units(self) -> list[Any]:
        from portal.core.models import Organisation

        return list(Organisation.objects.order_by("pk")[:40])

    @cached_property
    def people(self) -> list[Any]:
        from django.contrib.auth import get_user_model

        found = get_user_model()._default_manager.filter(username__startswith="letters-")
        return list(found.order_by("pk"))

    @cached_property
    def pages(self) -> list[Any]:
        from portal.pages.models import ArticlePage

        return list(ArticlePage.objects.live().filter(alias_of=None).order_by("pk")[:60])

    @cached_property
    def words(self) -> list[tuple[Any, str]]:
        """Answered letters of the demo city with their replies."""
        from portal.interaction.models import Reply

        replies = Reply.objects.filter(state="released", letter__token_hash__isnull=False)
        rows = replies.filter(letter__language="zh-hans").select_related("letter").order_by("pk")
        return [(row.letter, row.text) for row in rows[:60]]


def fill(world: World, first: int, last: int) -> None:
    """Write the letters and comments with these numbers."""
    from django.db import transaction

    from portal.interaction import models
    from portal.pages.bulk_insert import insert, reserve_ids
    from portal.plugin_api import Clock

    entry: Any = Clock._meta.get_field("entries").related_model
    alarm: Any = Clock._meta.get_field("alarms").related_model
    for start in range(first, last, BATCH):
        batch, numbers = Batch(), range(start, min(start + BATCH, last))
        with transaction.atomic():
            pks = reserve_ids(models.Letter, len(numbers))
            clock_pks = reserve_ids(Clock, len(numbers))
            reply_pks = reserve_ids(models.Reply, len(numbers))
            for number, *keys in zip(numbers, pks, clock_pks, reply_pks, strict=True):
                _Maker(world, batch, number, *keys).make()
            insert(Clock, batch.clocks)
            insert(entry, batch.entries)
            insert(alarm, batch.alarms)
            for model, rows in (
                (models.Letter, batch.letters), (models.LetterSender, batch.senders),
                (models.LetterStep, batch.steps), (models.Reply, batch.replies),
                (models.LetterFile, batch.files), (models.LetterRating, batch.ratings),
                (models.FollowUp, batch.follow_ups), (models.Transfer, batch.transfers),
                (models.Advice, batch.advice), (models.LetterNotice, batch.notices),
                (models.Comment, batch.comments),
            ):  # fmt: skip
                insert(model, rows)
    _write_figures(world)


def _write_figures(world: World) -> None:
    """What the steps count for, together with what is there: the same rows that moves leave."""
    from portal.interaction.models import LetterFigure
    from portal.interaction.services import counting

    for *key, number in LetterFigure.objects.values_list(*counting.FIELDS, "count"):
        world.figures[tuple(key)] += number
    LetterFigure.objects.all().delete()
    counting.write(world.figures)
    world.figures.clear()


class _Maker:
    def __init__(
        self, world: World, batch: Batch, number: int, pk: int, clock_pk: int, reply_pk: int
    ) -> None:
        self.world, self.batch, self.number = world, batch, number
        self.pk, self.clock_pk, self.reply_pk = pk, clock_pk, reply_pk
        self.chance = random.Random(number * 7919 + 2026)
        self.steps = 0
        self.state = ""

    def make(self) -> None:
        from portal.interaction import models

        chance, world = self.chance, self.world
        self.site = chance.choice(world.sites)
        template, self.reply_text = chance.choice(world.words)
        names, weights = zip(*_STATES, strict=True)
        goal = chance.choices(names, weights)[0]
        if self.number < FIRST_OPEN:
            goal = _OPEN[self.number % len(_OPEN)]
        back = (
            datetime.timedelta(days=chance.random() * 20)
            if goal in _OPEN
            else datetime.timedelta(days=20 + chance.random() * 365 * YEARS)
        )
        self.received = world.now - back
        self.place = chance.choice(_PLACES)
        # What a unit answers for has its themes: not every pair of both occurs.
        self.unit = chance.choice(world.units)
        self.theme = f"{template.theme or '城市管理'}"[:12]
        self.letter = models.Letter(
            pk=self.pk,
            site_id=self.site.pk,
            number=_number(self.site.code, self.received, self.number),
            kind=template.kind,
            channel=chance.choice(("web", "web", "web", "api", "hotline")),
            language="zh-hans" if chance.random() < 0.97 else "en",
            subject=f"{self.place}：{template.subject}"[:120],
            text=f"我住在{self.place}{self.number % 97 + 1}号楼。{template.text}",
            theme="",
            received_at=self.received,
            clock_id=self.clock_pk,
            due_at=self.received + datetime.timedelta(days=9),
            may_publish=True,
        )
        letter = self.letter
        letter.masked_subject, letter.masked_text = letter.subject, letter.text
        letter.digest = f"{self.number:064x}"
        letter.token_hash, letter.code_hash = _secrets(letter.number, self.number)
        self._walk(goal)
        letter.steps_count = self.steps
        letter.state = self.state
        self.batch.letters.append(letter)
        self._beside(goal)
        self._comment()

    # --- the way of the letter --------------------------------------------------------------------
    def _walk(self, goal: str) -> None:
        letter, chance = self.letter, self.chance
        at = self.received
        self._step("receive", "received", at)
        if goal == "received":
            return
        if goal in ("invalid", "directed"):
            letter.closed_at = at + datetime.timedelta(hours=5)
            self._step(
                {"invalid": "invalidate", "directed": "direct"}[goal], goal, letter.closed_at
            )
            return
        at += datetime.timedelta(hours=3)
        letter.theme, letter.accepted_at = self.theme, at
        self._step("accept", "accepted", at)
        if goal == "accepted":
            return
        if goal in ("refused", "forwarded", "withdrawn"):
            letter.closed_at = at + datetime.timedelta(hours=5)
            verbs = {"refused": "refuse", "forwarded": "forward", "withdrawn": "withdraw"}
            self._step(verbs[goal], goal, letter.closed_at)
            return
        at += datetime.timedelta(hours=4)
        letter.unit_id = self.unit.pk
        self._step("assign", "assigned", at, first=True)
        if goal == "assigned":
            return
        letter.holder_id = chance.choice(self.world.people).pk
        at += datetime.timedelta(hours=5)
        self._step("take", "handling", at)
        if goal == "handling":
            return
        days = chance.randint(1, 11)
        at = max(at, self.received + datetime.timedelta(days=days - 0.3))
        at = min(at, self.world.now - datetime.timedelta(minutes=30))
        self._step("draft", "handling", at)
        self._step("hand_in", "in_review", at)
        self._reply({"answered": "released"}.get(goal, goal), at)
        if goal == "in_review":
            return
        self._step("approve", "approved", at)
        if goal == "approved":
            return
        self._answer(at, days)

    def _answer(self, at: datetime.datetime, days: int) -> None:
        from portal.interaction import models

        letter, chance = self.letter, self.chance
        letter.answered_at = letter.closed_at = at
        letter.in_time = days <= 9
        self._step("release", "answered", at, first=True, days=days, in_time=letter.in_time)
        lot = chance.random()
        if lot < 0.72:
            letter.publicity, letter.published_at = "public", at
            self._step("publish", "answered", at, newly=True)
        elif lot < 0.98:
            letter.publicity, letter.publicity_reason = "wished", "来信人不愿公开"
            self._step("withhold", "answered", at)
        if chance.random() < 0.3:
            score = chance.choice((5, 5, 5, 4, 4, 3, 2, 1))
            self._step("rate", "answered", at, first=True, score=score)
            self.batch.ratings.append(
                models.LetterRating(letter_id=self.pk, score=score, is_solved=score > 3, at=at)
            )
        if chance.random() < 0.04:
            self.batch.follow_ups.append(
                models.FollowUp(letter_id=self.pk, text="还想问一下需要带什么。",
                                masked_text="还想问一下需要带什么。", at=at)
            )  # fmt: skip

    def _step(self, verb: str, state: str, at: datetime.datetime, **data: Any) -> None:
        from portal.interaction.models import LetterStep
        from portal.interaction.services import counting

        letter = self.letter
        self.steps += 1
        by = None if verb in ("receive", "rate", "withdraw") else self.chance.choice(
            self.world.people
        )  # fmt: skip
        step = LetterStep(
            letter_id=self.pk,
            seq=self.steps,
            verb=verb,
            at=at,
            from_state=self.state,
            to_state=state,
            by_id=by.pk if by else None,
            by_name=by.get_username() if by else "",
            unit_id=letter.unit_id,
            holder_id=letter.holder_id,
            reason="见附件" if verb in ("refuse", "invalidate", "forward") else "",
            data=data | {"kind": letter.kind, "theme": letter.theme},
        )
        self.state = state
        self.batch.steps.append(step)
        for key in counting.keys_of(letter.site_id, step):
            self.world.figures[key] += 1

    def _reply(self, state: str, at: datetime.datetime) -> None:
        from portal.interaction.models import Reply

        head = f"您好！您关于{self.place}的来信（{self.letter.number}）收悉。"
        by = self.letter.holder_id
        self.batch.replies.append(
            Reply(
                pk=self.reply_pk,
                letter_id=self.pk,
                state=state,
                text=head + self.reply_text,
                masked_text=head + self.reply_text,
                unit_id=self.letter.unit_id,
                drafted_by_id=by,
                drafted_at=at,
                released_by_id=by if state == "released" else None,
                released_at=at if state == "released" else None,
                changed_at=at,
            )
        )

    # --- what stands beside it --------------------------------------------------------------------
    def _beside(self, goal: str) -> None:
        from portal.interaction import models
        from portal.interaction.profiles import KEEP_MONTHS

        chance, batch, letter = self.chance, self.batch, self.letter
        # Who wrote is erased when the time for it is over.
        kept = self.world.now - KEEP_MONTHS * datetime.timedelta(days=30)
        is_old = letter.closed_at is not None and letter.closed_at < kept
        batch.senders.append(
            models.LetterSender(letter_id=self.pk, name="" if is_old else "王先生",
                                phone="" if is_old else "13900000000",
                                erased_at=letter.closed_at if is_old else None,
                                visitor=f"{self.number % 9973:x}")
        )  # fmt: skip
        if chance.random() < 0.12:
            batch.files.append(
                models.LetterFile(letter_id=self.pk, name="照片.jpg", mime_type="image/jpeg",
                                  size=80_000, sha256=f"{self.number:064x}",
                                  added_at=self.received, file=f"2026/01/{self.number}")
            )  # fmt: skip
        if goal == "answered" and chance.random() < 0.06:
            batch.transfers.append(
                models.Transfer(
                    letter_id=self.pk, number=f"ZB-{self.number}", from_unit_id=letter.unit_id,
                    to_unit_id=self.unit.pk, reason="属于贵单位职责", sent_at=self.received,
                    sent_by_name="钱晓舟", confirmed_at=letter.answered_at,
                )
            )  # fmt: skip
        if goal == "answered" and chance.random() < 0.03:
            batch.advice.append(
                models.Advice(letter_id=self.pk, unit_id=self.unit.pk, request="请提出意见",
                              asked_at=self.received, asked_by_name="钱晓舟", opinion="无意见",
                              given_at=letter.answered_at)
            )  # fmt: skip
        self._clock()

    def _clock(self) -> None:
        from portal.plugin_api import Clock, ClockAlarm

        letter = self.letter
        is_open = letter.closed_at is None
        self.batch.clocks.append(
            Clock(
                pk=self.clock_pk, kind="interaction.opinion", subject=f"letter:{self.pk}",
                label=letter.number, site_id=self.site.pk, unit_id=letter.unit_id,
                state="running" if is_open else "stopped", started_at=self.received,
                due_at=letter.due_at, limit_amount=7, limit_unit="working_days",
                stopped_at=letter.closed_at, outcome="" if is_open else "answered",
                parameters={"letter": self.pk},
                look_at=max(letter.due_at, self.world.now + datetime.timedelta(days=1))
                if is_open else None,
            )
        )  # fmt: skip
        entry: Any = Clock._meta.get_field("entries").related_model
        times = [("started", self.received)]
        if letter.closed_at is not None:
            times.append(("stopped", letter.closed_at))
        self.batch.entries += [
            entry(clock_id=self.clock_pk, verb=verb, at=at, recorded_at=at, due_at=letter.due_at)
            for verb, at in times
        ]
        if is_open and letter.due_at < self.world.now:
            self.batch.alarms += [
                ClockAlarm(clock_id=self.clock_pk, what=what, step=what, role="letters_reviewer",
                           due_at=letter.due_at, raised_at=letter.due_at, told_at=letter.due_at)
                for what in ("due_soon", "overdue", "escalated")
            ]  # fmt: skip

    def _comment(self) -> None:
        """One comment for each letter; one in a hundred waits for a look."""
        from portal.interaction.models import Comment

        chance = self.chance
        page = chance.choice(self.world.pages)
        waits = chance.random() < 0.01
        state = "waiting" if waits else chance.choice(("shown", "shown", "shown", "refused"))
        at = self.world.now - datetime.timedelta(days=chance.random() * (5 if waits else 1800))
        text = f"{self.place}的情况也是这样，希望尽快解决。（{self.number}）"
        self.batch.comments.append(
            Comment(
                site_id=self.site.pk, page_id=page.pk, page_title=page.title, language="zh-hans",
                name="市民", text=text, masked_text=text, state=state, at=at,
                decided_at=None if waits else at, decided_by_name="" if waits else "编辑",
            )
        )  # fmt: skip


def _number(code: str, at: datetime.datetime, number: int) -> str:
    from django.utils import timezone

    from portal.interaction.services.codes import check_digit, new_number

    made = new_number(code, at)
    digits = f"{timezone.localtime(at):%y%m%d}{number % 10**6:06d}"
    return f"{made[:-7]}{digits[6:]}{check_digit(digits)}"


def token_of(number: int) -> str:
    return f"benchmark-letter-{number}"


def _secrets(printed: str, number: int) -> tuple[str, str]:
    from portal.interaction.services.codes import code_for, code_hash, token_hash

    token = token_of(number)
    return token_hash(token), code_hash(printed, code_for(printed, token))
