"""The registry of sites: one row for the portal and for each sub-site, by path or by host."""

import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel


class SiteRecord(models.Model):  # type: ignore[django-manager-missing]
    """A site's identity, its root in the page tree and what belongs to it.

    "Site" means this everywhere in the portal: a Wagtail ``Site`` exists only where a site has a
    host name of its own, which a sub-site served by path has not.
    """

    class Kind(models.TextChoices):
        PORTAL = "portal", _("portal")
        SUB_SITE = "sub_site", _("sub-site")

    class State(models.TextChoices):
        PREPARING = "preparing", _("preparing")
        RUNNING = "running", _("running")
        CLOSED = "closed", _("closed")

    class Theme(models.TextChoices):
        LAKE = "lake", _("Lake (blue-green)")
        PINE = "pine", _("Pine (green)")
        INDIGO = "indigo", _("Indigo (blue)")
        OCHRE = "ochre", _("Ochre (brown)")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=60)
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=State,
        default=State.RUNNING,
        help_text=_("Only a running site is public."),
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent site"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    root_page = models.OneToOneField(
        "wagtailcore.Page",
        verbose_name=_("home page"),
        on_delete=models.PROTECT,
        related_name="site_record",
    )
    wagtail_site = models.OneToOneField(
        "wagtailcore.Site",
        verbose_name=_("host name"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="site_record",
    )
    collection = models.OneToOneField(
        "wagtailcore.Collection",
        verbose_name=_("collection"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="site_record",
    )
    workflow = models.ForeignKey(
        "wagtailcore.Workflow",
        verbose_name=_("workflow"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="site_records",
    )
    # Identity of reference 2.1 and the footer of reference 2.4.
    owner = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("owner (sponsor)"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="owned_sites",
    )
    operator = models.CharField(_("operator (undertaker)"), max_length=120, blank=True)
    supervisor = models.CharField(_("supervising unit"), max_length=120, blank=True)
    domain = models.CharField(_("English domain"), max_length=120, blank=True)
    chinese_domain = models.CharField(_("Chinese domain"), max_length=120, blank=True)
    site_id_code = models.CharField(
        _("site identification code"),
        max_length=10,
        blank=True,
        validators=[
            RegexValidator(r"^(bm\d{8}|\d{10})$", _("Ten digits, or bm and eight digits."))
        ],
    )
    icp_number = models.CharField(_("ICP filing number"), max_length=60, blank=True)
    icp_url = models.URLField(_("address of the ICP registry"), blank=True)
    police_number = models.CharField(_("police filing number"), max_length=60, blank=True)
    police_url = models.URLField(_("address of the police registry"), blank=True)
    party_mark_number = models.CharField(_("government mark number"), max_length=60, blank=True)
    party_mark_url = models.URLField(_("government mark address"), blank=True)
    error_report_url = models.URLField(_("error report address"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=60, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    contact_address = models.CharField(_("address"), max_length=200, blank=True)
    office_hours = models.CharField(_("office hours"), max_length=120, blank=True)
    footer_note = models.CharField(_("footer note"), max_length=200, blank=True)
    theme = models.CharField(_("theme"), max_length=12, choices=Theme, default=Theme.LAKE)
    show_emblem = models.BooleanField(
        _("show the national emblem"),
        default=False,
        help_text=_("Only portals of governments at county level and above are entitled to it."),
    )
    emblem = models.ForeignKey(
        "core.PortalImage",
        verbose_name=_("emblem image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The official standard image."),
    )
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    # What deadlines are counted by; the line of text above is what visitors read.
    work_morning_from = models.TimeField(_("morning from"), default=datetime.time(9))
    work_morning_until = models.TimeField(_("until"), default=datetime.time(12))
    work_afternoon_from = models.TimeField(_("afternoon from"), default=datetime.time(13, 30))
    work_afternoon_until = models.TimeField(_("until"), default=datetime.time(17, 30))
    late_is_next_day = models.BooleanField(
        _("after office hours is the next working day"),
        default=True,
        help_text=_(
            "What arrives in the evening or on a free day arrived on the next working day."
        ),
    )
    counts_first_day = models.BooleanField(
        _("the day of receipt counts"),
        default=False,
        help_text=_("Otherwise the first day of a limit is the day after."),
    )
    moves_off_days = models.BooleanField(
        _("limits end on working days"),
        default=True,
        help_text=_(
            "A limit in days or months that would end on a free day ends on the next working day."
        ),
    )

    panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("name"), FieldPanel("short_name")]),
                FieldRowPanel([FieldPanel("owner"), FieldPanel("operator")]),
                FieldPanel("supervisor"),
                FieldRowPanel([FieldPanel("theme"), FieldPanel("show_emblem")]),
                FieldPanel("emblem"),
                FieldPanel("state", permission="core.add_siterecord"),
            ],
            heading=_("Identity"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("domain"), FieldPanel("chinese_domain")]),
                FieldRowPanel([FieldPanel("site_id_code"), FieldPanel("icp_number")]),
                FieldRowPanel([FieldPanel("police_number"), FieldPanel("party_mark_number")]),
                FieldRowPanel([FieldPanel("party_mark_url"), FieldPanel("error_report_url")]),
            ],
            heading=_("Filings"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("contact_phone"), FieldPanel("contact_email")]),
                FieldRowPanel([FieldPanel("contact_address"), FieldPanel("office_hours")]),
                FieldPanel("footer_note"),
            ],
            heading=_("Footer"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("work_morning_from"), FieldPanel("work_morning_until")]),
                FieldRowPanel(
                    [FieldPanel("work_afternoon_from"), FieldPanel("work_afternoon_until")]
                ),
                FieldPanel("late_is_next_day"),
                FieldPanel("counts_first_day"),
                FieldPanel("moves_off_days"),
            ],
            heading=_("How deadlines are counted"),
            help_text=_("A change moves the due dates of what is open; each move is recorded."),
        ),
    ]

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["kind", "code"]
        permissions = [("manage_members", "Can manage the members of own sites")]
        constraints = [
            models.UniqueConstraint(
                fields=["owner"],
                condition=Q(owner__isnull=False),
                name="core_site_one_per_owner",
                violation_error_message=_("This unit owns a site already (one site per unit)."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        times: list[Any] = [
            self.work_morning_from,
            self.work_morning_until,
            self.work_afternoon_from,
            self.work_afternoon_until,
        ]
        names = ["work_morning_until", "work_afternoon_from", "work_afternoon_until"]
        for earlier, later, name in zip(times, times[1:], names, strict=False):
            if earlier is None or later is None:
                continue  # the field says so itself
            # An office without a break works from one into the other.
            if later < earlier or (later == earlier and name != "work_afternoon_from"):
                raise ValidationError({name: _("Office hours follow each other in time.")})


class SiteRoleGroup(models.Model):
    """The group that holds one role at one site. Permissions hang on the group."""

    site = models.ForeignKey(SiteRecord, on_delete=models.CASCADE, related_name="role_groups")
    role = models.CharField(max_length=40)
    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="site_role")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "role"], name="core_site_role_unique")
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.role}"


class ProvisionedRoles(models.Model):
    """One row: the table of roles that the groups were made from (``provisioning``)."""

    fingerprint = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("provisioned roles")
        default_permissions = ()

    def __str__(self) -> str:
        return self.fingerprint[:12]
