"""Terms, corrections and who may decide about them."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from portal.core.models import User
from portal.core.roles import Action, sites_allowing
from portal.foreign.models import ScriptCorrection, ScriptTerm
from portal.foreign.services import script as services
from tests.factories import ArticleFactory, UserFactory, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(world: World):  # type: ignore[no-untyped-def]
    return ArticleFactory(
        parent=world.column,
        title="范局长讲话",
        body=[("paragraph", "<p>以<b>后</b>土地整理要规范。</p>")],
    )


SOURCE = "以后土地整理要规范。"


def propose(article, user: User, text: str = "以後土地整理要規範。") -> ScriptCorrection:  # type: ignore[no-untyped-def]
    return services.propose_correction(
        page=article, site=None, standard="s2tw", source=SOURCE, text=text, reason="", user=user
    )


def test_another_person_confirms(article, world: World) -> None:  # type: ignore[no-untyped-def]
    author, second = (UserFactory(is_superuser=True) for _ in range(2))
    row = propose(article, author)
    with pytest.raises(PermissionDenied):
        services.confirm_correction(correction=row, user=author)
    services.confirm_correction(correction=row, user=second)
    row.refresh_from_db()
    assert row.reviewed_by == second
    again = propose(article, author, "以後，土地整理要規範。")
    assert (again.pk, again.reviewed_at) == (row.pk, None)  # a new wording is confirmed anew


def test_strangers_neither_propose_nor_confirm(article, world: World) -> None:  # type: ignore[no-untyped-def]
    stranger = UserFactory()
    with pytest.raises(PermissionDenied):
        propose(article, stranger)
    row = propose(article, UserFactory(is_superuser=True))
    with pytest.raises(PermissionDenied):
        services.confirm_correction(correction=row, user=stranger)
    with pytest.raises(PermissionDenied):
        services.remove_correction(correction=row, user=stranger)
    assert sites_allowing(stranger, Action.SITE_SETTINGS) == set()


def test_a_paragraph_that_changed_is_told(article, world: World) -> None:  # type: ignore[no-untyped-def]
    user = UserFactory(is_superuser=True)
    row = propose(article, user)
    assert services.follow_page(page=article) == 0
    article.body = [("paragraph", "<p>今后土地整理要规范。</p>")]
    article.save_revision(user=user).publish(user=user)
    assert services.follow_page(page=article) == 1
    row.refresh_from_db()
    assert row.orphaned_at is not None
    with pytest.raises(ValidationError):
        propose(article, user)


def test_screens_for_those_who_run_the_platform(client: Client, article, world: World) -> None:  # type: ignore[no-untyped-def]
    client.force_login(UserFactory(is_superuser=True))
    tried = client.post(reverse("foreign_script"), {"text": "湖里发展"}).content.decode()
    assert "湖裡發展" in tried
    assert "湖裏發展" in tried
    address = reverse("foreign_script_page", args=[article.pk])
    assert SOURCE in client.get(address).content.decode()
    wrong = client.post(address, {"source": "没有这段", "text": "沒有這段"})
    assert wrong.status_code == 200
    sent = client.post(address, {"source": SOURCE, "text": "以後土地整理要規範。"})
    assert sent.status_code == 302
    listed = client.get(reverse("foreign_script_corrections")).content.decode()
    assert "以後土地整理要規範。" in listed


def test_screens_are_closed_to_others(client: Client, article, world: World) -> None:  # type: ignore[no-untyped-def]
    client.force_login(UserFactory())
    row = propose(article, UserFactory(is_superuser=True))
    for name, arguments in (
        ("foreign_script", []),
        ("foreign_script_export", []),
        ("foreign_script_page", [article.pk]),
        ("foreign_script_corrections", []),
    ):
        assert client.get(reverse(name, args=arguments)).status_code in (302, 403), name
    for name, arguments in (("foreign_script_import", []), ("foreign_script_decide", [row.pk])):
        posted = client.post(reverse(name, args=arguments), {"confirm": "1"})
        assert posted.status_code in (302, 403), name
    row.refresh_from_db()
    assert row.reviewed_at is None


def test_terms_go_out_and_come_back(world: World) -> None:
    ScriptTerm.objects.create(simplified="云湖台", traditional="雲湖臺", note="地名")
    ScriptTerm.objects.create(simplified="范后里", protect=True, standard="s2hk")
    text = services.write_terms()
    ScriptTerm.objects.all().delete()
    data = text + "s2twp,网络,網路,,\n,一 词,一詞,,\n,缺,,,\n"
    read = services.read_terms(data=data.encode())
    assert (read.added, read.changed, read.same) == (2, 0, 0)
    assert [line for line, _reason in read.errors] == [4, 5, 6]
    assert services.write_terms() == text
    assert services.read_terms(data=text.encode()).same == 2
    with pytest.raises(ValidationError):
        services.read_terms(data=b"\xff\xfe")
