"""Entrances to services: by what happens in life, and by who somebody is."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from . import samples
from .choices import LookBlock
from .lists import LinkBlock
from .section import CheckedBlock, SectionBlock

__all__ = ["SERVICE_ICONS", "ServiceGroupsBlock", "ServicesBlock"]

# The symbols of img/services.svg, in the order of the choice.
SERVICE_ICONS = [
    ("baby", _("Birth, children")),
    ("school", _("School, education")),
    ("work", _("Work, employment")),
    ("home", _("Housing")),
    ("marriage", _("Marriage")),
    ("health", _("Health, doctor")),
    ("insurance", _("Social insurance")),
    ("elder", _("Older people")),
    ("disability", _("People with disabilities")),
    ("identity", _("Identity card, papers")),
    ("resident", _("Residents")),
    ("newcomer", _("Newcomers, moving")),
    ("foreigner", _("Foreigners, the world")),
    ("business", _("Companies, business")),
    ("tax", _("Taxes, fees, money")),
    ("law", _("Law, legal aid")),
    ("car", _("Car, driving")),
    ("transport", _("Bus, train, ferry")),
    ("construction", _("Building, projects")),
    ("water", _("Water, lake")),
    ("environment", _("Environment, nature")),
    ("farming", _("Farming")),
    ("culture", _("Culture, reading")),
    ("emergency", _("Emergency, safety")),
    ("calendar", _("Appointment, date")),
    ("document", _("Form, document")),
    ("question", _("Question, consultation")),
    ("phone", _("Telephone, hotline")),
]


def _icon() -> blocks.ChoiceBlock:
    return LookBlock(label=_("Icon"), choices=SERVICE_ICONS, default="document")


class ServiceBlock(CheckedBlock):
    """One entrance."""

    icon = _icon()
    title = blocks.CharBlock(
        label=_("Title"), max_length=20, help_text=_("As visitors would say it, in a few words.")
    )
    text = blocks.CharBlock(label=_("Short text"), required=False, default="", max_length=60)
    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    url = blocks.URLBlock(label=_("or address"), required=False, default="")

    class Meta:
        icon = "form"
        label = _("Service")

    def problems(self, value: Any) -> dict[str, Any]:
        if value.get("page") or value.get("url"):
            return {}
        return {"page": _("Choose a page or give an address.")}


class ServicesBlock(SectionBlock):
    title = blocks.CharBlock(label=_("Title"), required=False, default="", max_length=60)
    items = blocks.ListBlock(ServiceBlock(), label=_("Services"), min_num=1, max_num=18)

    class Meta:
        icon = "grip"
        label = _("Service entries")
        group = _("Entrances")
        description = _("Tiles with icons, such as the events of life: birth, school, work, home.")

    def sample(self) -> dict[str, Any]:
        entries = [
            ("baby", "生孩子", "出生证明、户口、医保"),
            ("school", "上学", "看学区、网上报名"),
            ("work", "找工作", "招聘会、技能补贴"),
            ("home", "租房买房", "公积金、房产登记"),
        ]
        items = [
            {"icon": icon, "title": title, "text": text, "page": samples.page(), "url": ""}
            for icon, title, text in entries
        ]
        return {"title": "人生大事", "items": items}


class ServiceGroupBlock(blocks.StructBlock):
    """A group of people with the links that they need most."""

    icon = _icon()
    title = blocks.CharBlock(label=_("For whom"), max_length=20)
    links = blocks.ListBlock(LinkBlock(), label=_("Links"), min_num=1, max_num=8)

    class Meta:
        icon = "user"
        label = _("Group")


class ServiceGroupsBlock(SectionBlock):
    title = blocks.CharBlock(label=_("Title"), required=False, default="", max_length=60)
    groups = blocks.ListBlock(ServiceGroupBlock(), label=_("Groups"), min_num=1, max_num=8)

    class Meta:
        icon = "group"
        label = _("Services by person")
        group = _("Entrances")
        description = _("Links for residents, companies, older people, newcomers, foreigners.")

    def sample(self) -> dict[str, Any]:
        people = [
            ("elder", "老年人", ["老年优待卡", "社区助餐"]),
            ("newcomer", "新来云湖", ["居住登记", "子女入学"]),
            ("business", "企业", ["开办企业", "惠企政策"]),
        ]
        groups = [
            {
                "icon": icon,
                "title": title,
                "links": [
                    {"page": samples.page(), "url": "", "title": link, "summary": ""}
                    for link in links
                ],
            }
            for icon, title, links in people
        ]
        return {"title": "按人群找", "groups": groups}
