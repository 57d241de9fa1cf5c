"""Those who write letters and those who work on them, for tests of the package."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from portal.core.models import Organisation, User
from portal.interaction.models import Letter
from portal.interaction.services import flow
from portal.interaction.services.intake import Received, Sender, receive
from tests.factories import OrganisationFactory, World, member

ANSWER = "您好：来信收悉。云湖路12号院的路灯已于10月20日修复，如有疑问请致电0999-10001234。"


@dataclass
class Desk:
    """``handler`` and ``head`` belong to ``bureau``, the others of that kind to ``school``."""

    world: World
    bureau: Organisation
    bureau_station: Organisation  # below the bureau
    school: Organisation
    clerk: User
    handler: User
    second_handler: User
    head: User
    school_handler: User
    school_head: User
    releaser: User
    admin: User
    editor: User
    strange_clerk: User  # of another site

    @property
    def site(self) -> Any:
        return self.world.site

    def letter(self, **values: Any) -> Letter:
        return self.received(**values).letter

    def received(self, **values: Any) -> Received:
        told: dict[str, Any] = {
            "site": self.site,
            "kind": "consultation",
            "subject": "云湖路路灯不亮",
            "text": "云湖路12号院门口的路灯从上周起一直不亮，夜里老人出行不便，请尽快修理。",
            "sender": Sender(name="赵小明", phone="0999-10005678", email="xiaoming@example.com"),
        }
        return receive(**told | values)

    # --- as far as somebody wants it --------------------------------------------------------------
    def accepted(self, **values: Any) -> Letter:
        return flow.accept(letter=self.letter(**values), by=self.clerk)

    def assigned(self, **values: Any) -> Letter:
        return flow.assign(letter=self.accepted(**values), unit=self.bureau, by=self.clerk)

    def handling(self, **values: Any) -> Letter:
        return flow.take(letter=self.assigned(**values), by=self.handler)

    def in_review(self, text: str = ANSWER, **values: Any) -> Letter:
        letter = self.handling(**values)
        flow.save_draft(letter=letter, text=text, by=self.handler)
        return flow.hand_in(letter=letter, by=self.handler, guard_reason="核对无误")

    def approved(self, text: str = ANSWER, **values: Any) -> Letter:
        return flow.approve(letter=self.in_review(text, **values), by=self.head)

    def answered(self, text: str = ANSWER, **values: Any) -> Letter:
        return flow.release(letter=self.approved(text, **values), by=self.releaser)

    def published(self, text: str = ANSWER, **values: Any) -> Letter:
        return flow.publish(
            letter=self.answered(text, **values),
            by=self.clerk,
            masked_subject="路灯不亮",
            masked_text="某路的路灯不亮。",
            masked_reply=text,
        )


def make_desk(world: World) -> Desk:
    site = world.site
    bureau = OrganisationFactory(full_name="云湖市城市管理局", short_name="城管局")
    school = OrganisationFactory(full_name="云湖市教育局", short_name="教育局")
    station = OrganisationFactory(full_name="云湖市路灯管理所", parent=bureau)
    return Desk(
        world=world,
        bureau=bureau,
        bureau_station=station,
        school=school,
        clerk=member("letters_clerk", site, last_name="钱", first_name="一"),
        handler=member(
            "letters_handler", site, organisation=bureau, last_name="孙", first_name="二"
        ),
        second_handler=member("letters_handler", site, organisation=bureau),
        head=member("letters_reviewer", site, organisation=bureau, last_name="李", first_name="三"),
        school_handler=member("letters_handler", site, organisation=school),
        school_head=member("letters_reviewer", site, organisation=school),
        releaser=member("letters_releaser", site, last_name="周", first_name="四"),
        admin=member("site_admin", site),
        editor=member("editor", site),
        strange_clerk=member("letters_clerk", world.gaoxin),
    )


def ago(**length: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(**length)
