"""The plugin's part of the demo city: ``demo/letters.yaml``, taken through the real services."""

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from .demo_comments import load_comments
from .models import Letter, OtherChannel, ReplyTemplate
from .services import flow
from .services.intake import Sender, receive, token_hash

type Row = Mapping[str, Any]
FILE = Path(__file__).parent / "demo" / "letters.yaml"
# Steps of a way that is walked; each ends where its name says.
_WALKED = ("accepted", "assigned", "handling", "in_review", "approved", "answered")
_LIKE = {
    "published": "answered", "withheld": "answered", "followed_up": "answered",
    "reopened": "answered", "deferred": "handling", "paused": "assigned",
    "on_the_way": "handling", "returned": "assigned", "merged": "accepted",
    "refused": "accepted", "forwarded": "accepted", "directed": "received",
    "invalid": "received", "withdrawn": "accepted",
}  # fmt: skip
_HALF = datetime.timedelta(hours=12)


class DemoLetters:
    """Entered in the registry ``demo_content``."""

    def finish(self, demo: Any) -> None:
        """Nothing: accounts are made after the pages (``after_all``)."""

    def after_all(self, demo: Any) -> None:
        """Make what is not there. What was loaded before stays as it is."""
        told = demo.read_yaml(FILE)
        site = demo.records.get(told["site"])
        if site is None:
            return
        for row in told["accounts"]:
            _account(row, told["site"], demo)
        with transaction.atomic():
            _Loader(demo, site, told).run()


class _Loader:
    def __init__(self, demo: Any, site: Any, told: Mapping[str, Any]) -> None:
        self.demo, self.site, self.told = demo, site, told
        users = get_user_model()._default_manager
        names = [row["username"] for row in told["accounts"]]
        self.users = {user.get_username(): user for user in users.filter(username__in=names)}
        self.clerk = self.users["letters-clerk"]
        self.head, self.releaser = self.users["letters-head"], self.users["letters-releaser"]
        self.now = timezone.now()
        self.units: dict[str, Any] = {}
        self.made: dict[str, Letter] = {}

    def run(self) -> None:
        for row in self.told["channels"]:
            values = {name: row[name] for name in ("words", "explanation", "phone")}
            OtherChannel.objects.get_or_create(site=self.site, name=row["name"], defaults=values)
        for row in self.told["templates"]:
            values = {"text": row["text"], "kinds": row["kinds"]}
            ReplyTemplate.objects.get_or_create(site=self.site, title=row["title"], defaults=values)
        tokens = [f"demo-letter-{number}" for number in range(len(self.told["letters"]))]
        known = set(
            Letter.objects.filter(token_hash__in=map(token_hash, tokens)).values_list(
                "token_hash", flat=True
            )
        )
        new = [
            (token, row)
            for token, row in zip(tokens, self.told["letters"], strict=True)
            if token_hash(token) not in known
        ]
        if new:
            self.demo.say("letters")
        for token, row in new:
            self._letter(token, row)
        load_comments(
            self.told["comments"], demo=self.demo, site=self.site, desk=self.clerk, now=self.now
        )

    def _letter(self, token: str, row: Row) -> None:
        received = self.now - datetime.timedelta(days=row["days"])
        letter = receive(
            site=self.site,
            kind=row["kind"],
            subject=row["subject"],
            text=row["text"],
            language=row.get("language", "zh-hans"),
            sender=Sender(name=row["name"], phone=row.get("phone", ""), wants_mail=False),
            channel=row.get("channel", "web"),
            page_path=row.get("page", ""),
            marked_text=row.get("marked", ""),
            error_kind=row.get("error_kind", ""),
            token=token,
            may_publish=not row.get("private", False),
            received_at=received,
            upstream_name={"hotline": "12345热线", "upstream": "省政府门户网站",
                           "central": "中国政府网找错平台"}.get(row.get("channel", ""), ""),
            upstream_number=row.get("upstream", ""),
        ).letter  # fmt: skip
        way = row["way"]
        goal: str = _LIKE.get(way) or way
        length = datetime.timedelta(days=row.get("took", row["days"] * 0.8))
        letter = self._walk(letter, row, goal, received, length)
        after = min(received + length + _HALF, self.now)
        letter = self._finish(letter, row, way, after)
        self.made[row["subject"]] = letter

    def _unit(self, code: str) -> Any:
        if code not in self.units:
            self.units[code] = self.demo.unit(code)
        return self.units[code]

    def _walk(
        self,
        letter: Letter,
        row: Row,
        goal: str,
        received: datetime.datetime,
        length: datetime.timedelta,
    ) -> Letter:
        if goal == "received":
            return letter
        steps = _WALKED[: _WALKED.index(goal) + 1]
        handler = self.users.get(f"letters-{row.get('by', 'office')}")
        for number, step in enumerate(steps, start=1):
            at = received + length * number / len(steps)
            if step == "accepted":
                if row.get("chinese"):
                    letter = flow.translate(
                        letter=letter, text=row["chinese"], by=self.clerk, at=at
                    )
                letter = flow.accept(
                    letter=letter, theme=row.get("theme", ""), by=self.clerk, at=at
                )
            elif step == "assigned":
                unit = self._unit(row["unit"])
                letter = flow.assign(letter=letter, unit=unit, by=self.clerk, at=at)
            elif step == "handling":
                letter = flow.take(letter=letter, by=handler, at=at)
            elif step == "in_review":
                self._draft(letter, row, handler, at)
                letter = flow.hand_in(letter=letter, by=handler, guard_reason="已核对", at=at)
            elif step == "approved":
                letter = flow.approve(letter=letter, by=self.head, at=at)
            else:
                letter = flow.release(letter=letter, by=self.releaser, at=at)
        return letter

    def _draft(self, letter: Letter, row: Row, handler: Any, at: datetime.datetime) -> None:
        flow.save_draft(
            letter=letter,
            text=row["reply"],
            translation=row.get("translation", ""),
            basis=[
                flow.Rests(page=Page.objects.get(pk=self.demo.pages[key].pk))
                for key in row.get("basis") or ()
                if key in self.demo.pages
            ],
            by=handler,
            at=at,
        )

    def _finish(self, letter: Letter, row: Row, way: str, at: datetime.datetime) -> Letter:
        handler = self.users.get(f"letters-{row.get('by', 'office')}")
        reason = row.get("reason", "")
        if way == "published":
            # The masks may hide an office's address, too: whoever publishes puts it back.
            letter = flow.publish(letter=letter, masked_reply=row["reply"], by=self.clerk, at=at)
            if row.get("score"):
                flow.rate(letter=letter, score=row["score"], is_solved=row.get("solved"), at=at)
        elif way == "withheld":
            letter = flow.decide_publicity(
                letter=letter, publicity=row["ground"], reason=row["ground_reason"],
                by=self.releaser, at=at,
            )  # fmt: skip
        elif way == "followed_up":
            letter = flow.follow_up(letter=letter, text=row["follow_up"], at=at)
        elif way == "reopened":
            letter = flow.reopen(letter=letter, reason=row["reopen_reason"], by=self.clerk, at=at)
        elif way == "deferred":
            letter = flow.defer(
                letter=letter, reason="需要检测外墙后确定维修方案",
                notice="您反映的问题需要专业检测，办理时间延长，届时答复您。",
                by=self.clerk, at=None,
            )  # fmt: skip
        elif way == "paused":
            letter = flow.pause(letter=letter, reason="请来信人补充住址", by=self.clerk)
        elif way == "on_the_way":
            flow.transfer(
                letter=letter, to_unit=self._unit(row["to"]), by=handler, at=at,
                reason="私划车位收费属于公安交管部门查处",
            )  # fmt: skip
        elif way == "returned":
            letter = flow.return_letter(
                letter=letter, reason="社会保险补缴不属于我局职责", by=handler, at=at
            )
        elif way == "merged":
            other = self.made[row["into"]]
            letter = flow.merge(letter=letter, into=other, reason="同一事项", by=self.clerk)
        elif way == "refused":
            letter = flow.refuse(letter=letter, reason=reason, by=self.clerk, at=at)
        elif way == "invalid":
            letter = flow.invalidate(letter=letter, reason=reason, by=self.clerk, at=at)
        elif way == "directed":
            channel = OtherChannel.objects.get(site=self.site, name=row["channel_name"])
            letter = flow.direct(
                letter=letter, channel=channel, reason=reason, by=self.clerk, at=at
            )
        elif way == "forwarded":
            letter = flow.forward(
                letter=letter, to_name=row["to"], their_number=row["their_number"],
                reason=reason, by=self.clerk, at=at,
            )  # fmt: skip
        elif way == "withdrawn":
            letter = flow.withdraw(letter=letter, at=at)
        if row.get("advice"):
            flow.ask_advice(
                letter=letter, unit=self._unit(row["advice"]), by=self.clerk,
                request="请就材料是否环保提出意见。",
            )  # fmt: skip
        return letter


def _account(row: Row, site: str, demo: Any) -> None:
    demo.account(row["username"], tuple(row["roles"]), site, row["unit"])
    get_user_model()._default_manager.filter(username=row["username"], last_name="").update(
        last_name=row["last_name"], first_name=row["first_name"]
    )
