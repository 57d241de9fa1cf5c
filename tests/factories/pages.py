"""Page types with traits for their states."""

import datetime
from typing import Any

import factory
from django.utils import timezone
from wagtail.models import Locale, Page

from portal.core.models import User
from portal.pages.models import (
    ArticlePage,
    ColumnPage,
    ExternalLinkPage,
    LeaderPage,
    OrganisationPage,
    PortalHomePage,
    StandardPage,
    SubSitePage,
    TopicPage,
)

from .core import OrganisationFactory


def text(*paragraphs: str) -> list[tuple[str, str]]:
    """A body of plain paragraphs."""
    return [("paragraph", "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))]


def publish[P: Page](page: P, user: User | None = None, **changes: Any) -> P:
    """Change a page and publish the change the way editors do, with a revision. Read back."""
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision(user=user).publish(user=user)
    found: P = type(page).objects.get(pk=page.pk)
    return found


class PageFactory(factory.django.DjangoModelFactory[Page]):
    """``parent`` says where; without one the page stands at the top of the tree.

    The trait ``draft`` makes a page that was never public, with one revision.
    """

    class Meta:
        abstract = True

    class Params:
        draft = factory.Trait(live=False, has_unpublished_changes=True, published_at=None)
        published_at = factory.LazyFunction(timezone.now)

    live = True
    first_published_at = factory.SelfAttribute("published_at")
    last_published_at = factory.SelfAttribute("published_at")
    locale = factory.LazyAttribute(lambda page: None)

    @classmethod
    def _create(cls, model_class: type[Page], *args: Any, **kwargs: Any) -> Page:
        parent = kwargs.pop("parent", None) or Page.get_first_root_node()
        kwargs["locale"] = kwargs["locale"] or (
            parent.locale if parent.depth > 1 else Locale.get_default()
        )
        page: Page = parent.add_child(instance=model_class(*args, **kwargs))
        if not page.live:
            page.save_revision()
        # As every later request reads it, and with a parent that knows its children.
        parent.refresh_from_db()
        found: Page = model_class.objects.get(pk=page.pk)
        return found


class PortalHomeFactory(PageFactory):
    class Meta:
        model = PortalHomePage

    title = "云湖市人民政府"
    slug = "yunhu"


class SubSiteFactory(PageFactory):
    class Meta:
        model = SubSitePage

    title = "湖滨区人民政府"
    slug = "hubin"
    show_in_menus = True


class TopicFactory(PageFactory):
    class Meta:
        model = TopicPage

    class Params:
        archived = factory.Trait(
            state=TopicPage.State.ARCHIVED,
            archived_at=datetime.datetime(2025, 12, 31, 1, 30, tzinfo=datetime.UTC),
        )

    title = factory.Sequence(lambda n: f"专题{n}")
    slug = factory.Sequence(lambda n: f"topic-{n}")
    state = TopicPage.State.OPEN
    owner_unit = factory.SubFactory(OrganisationFactory)
    show_in_menus = True


class ColumnFactory(PageFactory):
    class Meta:
        model = ColumnPage

    title = factory.Sequence(lambda n: f"栏目{n}")
    slug = factory.Sequence(lambda n: f"column-{n}")
    column_type = "工作动态"
    owner_unit = factory.SubFactory(OrganisationFactory)
    responsible_person = "王敏"
    show_in_menus = True


class ArticleFactory(PageFactory):
    class Meta:
        model = ArticlePage

    title = factory.Sequence(lambda n: f"文章{n}")
    slug = factory.Sequence(lambda n: f"article-{n}")
    source = "云湖日报"
    body = factory.LazyFunction(lambda: text("云湖市位于云水之滨。"))


class StandardPageFactory(PageFactory):
    class Meta:
        model = StandardPage

    title = factory.Sequence(lambda n: f"说明{n}")
    slug = factory.Sequence(lambda n: f"standard-{n}")
    body = factory.LazyFunction(lambda: text("联系我们。"))


class ExternalLinkFactory(PageFactory):
    class Meta:
        model = ExternalLinkPage

    title = factory.Sequence(lambda n: f"外部网站{n}")
    slug = factory.Sequence(lambda n: f"link-{n}")
    target_url = "https://www.elsewhere.example/start"
    target_name = "别处"
    show_in_menus = True


class LeaderFactory(PageFactory):
    class Meta:
        model = LeaderPage

    title = "市长"
    slug = factory.Sequence(lambda n: f"leader-{n}")
    name = "李一"
    resume = "1970年生。"
    duties = "主持全面工作。"


class OrganisationPageFactory(PageFactory):
    class Meta:
        model = OrganisationPage

    title = factory.Sequence(lambda n: f"机构{n}")
    slug = factory.Sequence(lambda n: f"organisation-{n}")
    organisation = factory.SubFactory(OrganisationFactory)
