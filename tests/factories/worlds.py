"""A small city: the portal, a sub-site by path, a sub-site by host name, a column in each."""

from dataclasses import dataclass
from typing import Any

from wagtail.models import Page, Site

from portal.core import structure
from portal.core.models import SiteRecord
from portal.core.provisioning import create_site, provision_platform
from portal.pages.models import ColumnPage, PortalHomePage, SubSitePage

from .core import OrganisationFactory
from .pages import ColumnFactory, PortalHomeFactory, SubSiteFactory

HOST = "testserver"
SUB_SITE_HOST = "gaoxin.yunhu.gov.cn"


@dataclass(slots=True)
class World:
    """``column`` lies in the portal, ``hubin`` is served by path, ``gaoxin`` by its own host."""

    site: SiteRecord
    home: PortalHomePage
    column: ColumnPage
    hubin: SiteRecord
    hubin_home: SubSitePage
    hubin_column: ColumnPage
    gaoxin: SiteRecord
    gaoxin_home: SubSitePage
    gaoxin_column: ColumnPage


def make_world(*, provisioned: bool = False) -> World:
    """Make the city. Groups, permissions and workflows cost time: only where ``provisioned``."""
    if provisioned:
        provision_platform()
    Site.objects.all().delete()  # the one that Wagtail's migrations make
    home = PortalHomeFactory()
    site = _register(
        provisioned,
        root_page=home,
        kind=SiteRecord.Kind.PORTAL,
        code="yunhu",
        name="云湖市人民政府",
        short_name="云湖市",
        hostname=HOST,
        is_default=True,
        domain="www.yunhu.gov.cn",
        site_id_code="3399000001",
        icp_number="云ICP备00000001号",
        owner=OrganisationFactory(full_name="云湖市人民政府办公室"),
    )
    column = ColumnFactory(parent=home, title="云湖要闻", slug="yaowen")
    hubin_home, hubin = add_path_sub_site(site, home, provisioned=provisioned)
    hubin_column = ColumnFactory(parent=hubin_home, title="湖滨动态", slug="dongtai")
    gaoxin_home, gaoxin = add_host_sub_site(site, home, provisioned=provisioned)
    gaoxin_column = ColumnFactory(parent=gaoxin_home, title="高新动态", slug="dongtai")
    return World(
        site, _fresh(home), column,
        hubin, _fresh(hubin_home), hubin_column,
        gaoxin, _fresh(gaoxin_home), gaoxin_column,
    )  # fmt: skip


def add_path_sub_site(
    portal: SiteRecord, home: Page, *, provisioned: bool = False, **fields: Any
) -> tuple[SubSitePage, SiteRecord]:
    values: dict[str, Any] = {"code": "hubin", "name": "湖滨区人民政府", "short_name": "湖滨区"}
    return _add_sub_site(portal, home, provisioned, values | fields)


def add_host_sub_site(
    portal: SiteRecord, home: Page, *, provisioned: bool = False, **fields: Any
) -> tuple[SubSitePage, SiteRecord]:
    values: dict[str, Any] = {
        "code": "gaoxin",
        "name": "高新区管理委员会",
        "short_name": "高新区",
        "hostname": SUB_SITE_HOST,
    }
    return _add_sub_site(portal, home, provisioned, values | fields)


def _add_sub_site(
    portal: SiteRecord, home: Page, provisioned: bool, fields: dict[str, Any]
) -> tuple[SubSitePage, SiteRecord]:
    page = SubSiteFactory(parent=home, title=fields["name"], slug=fields["code"])
    record = _register(
        provisioned, root_page=page, kind=SiteRecord.Kind.SUB_SITE, parent=portal, **fields
    )
    return page, record


def _register(provisioned: bool, **fields: Any) -> SiteRecord:
    if provisioned:
        return create_site(**fields)
    hostname, is_default = fields.pop("hostname", ""), fields.pop("is_default", False)
    if hostname:
        fields["wagtail_site"] = Site.objects.create(
            hostname=hostname, root_page=fields["root_page"], is_default_site=is_default
        )
    record = SiteRecord(**fields | {"root_page": Page.objects.get(pk=fields["root_page"].pk)})
    record.full_clean()
    record.save()
    structure.touch()
    return record


def _fresh[P: Page](page: P) -> P:
    page.refresh_from_db()
    return page
