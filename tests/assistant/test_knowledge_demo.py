"""How the demo's entries are loaded: tied to each other and to what they cite, and only once."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.portal_plugin import demo_content
from assistant.portal_plugin.demo_content import DemoFault, DemoQuestions
from assistant.portal_plugin.models import IndexedEntry, QuestionPage
from assistant.portal_plugin.selectors.knowledge import answerable
from portal.core.models import Publication, Standing
from tests.factories import OrganisationFactory, World
from tests.policy_interpretation.factories import clause, ids_of, make_policy

pytestmark = pytest.mark.django_db

ROWS = """
- id: old
  site: yunhu
  language: zh-hans
  question: 以前怎么办？
  phrasings: [老办法]
  answer: |
    <p>以前。</p>
  owner: 市公安局
  audience: [residents]
  sources: [{kind: url, url: 'https://e.cn/', label: 条例}]
  superseded_by: new
- id: new
  site: yunhu
  language: zh-hans
  question: 现在怎么办？
  phrasings: [新办法]
  answer: |
    <p>现在。</p>
    <p>免费。</p>
  owner: 市公安局
  audience: [residents, families]
  sources: [{kind: policy, key: bike, clause: 第二条}]
  translations:
    en: {question: 'How now?', phrasings: [new way], answer: <p>Now.</p>, trust: reviewed_machine}
- id: ended
  site: hubin
  language: zh-hans
  question: 去年怎么办？
  phrasings: []
  answer: <p>去年。</p>
  owner: 市公安局
  sources: [{kind: url, url: 'https://e.cn/'}]
  valid_until: 2025-12-31
"""


class Demo:
    """As much of the demo's loader as entries need."""

    def __init__(self, **pages: Any) -> None:
        self.pages = pages
        self.said: list[str] = []

    def say(self, line: str) -> None:
        self.said.append(line)

    def read_yaml(self, path: Path) -> Any:
        return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture
def demo(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Demo:
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "household.yaml").write_text(ROWS, encoding="utf-8")
    monkeypatch.setattr(demo_content, "DIRECTORY", tmp_path)
    OrganisationFactory(full_name="云湖市公安局", short_name="市公安局")
    policy = make_policy(world.column, body=[clause("第一条", "一。"), clause("第二条", "二。")])
    return Demo(bike=policy)


def test_entries_are_loaded_with_all_that_ties_them(demo: Demo) -> None:
    DemoQuestions().finish(demo)
    pages = {page.key: page for page in QuestionPage.objects.all()}
    assert set(pages) == {"old", "new", "new-en", "ended"}
    assert all(page.live for page in pages.values())
    [row] = pages["new"].sources.all()
    assert row.clauses == [ids_of(demo.pages["bike"])[1]]
    assert pages["new"].answer == "<p>现在。</p><p>免费。</p>"
    assert pages["new-en"].translation_of == pages["new"]
    assert pages["new-en"].source_state == pages["new"].text_state
    assert set(answerable([page.pk for page in pages.values()])) == {
        pages["new"].pk, pages["new-en"].pk,
    }  # fmt: skip
    stood = dict(Publication.objects.filter(closed=False).values_list("page_id", "standing"))
    assert stood[pages["old"].pk] == stood[pages["ended"].pk] == Standing.EXPIRED
    assert IndexedEntry.objects.filter(live=True).count() == 4


def test_a_second_loading_changes_nothing_and_mends_what_is_missing(demo: Demo) -> None:
    DemoQuestions().finish(demo)
    said = len(demo.said)
    page = QuestionPage.objects.get(key="new")
    page.question = "改过的？"
    page.save_revision().publish()
    DemoQuestions().finish(demo)
    assert len(demo.said) == said
    QuestionPage.objects.get(key="new-en").delete()
    DemoQuestions().finish(demo)
    assert QuestionPage.objects.get(key="new").question == "改过的？"
    assert QuestionPage.objects.get(key="new-en").translation_of == page


def test_a_clause_that_is_not_there_is_a_fault(demo: Demo, tmp_path: Path) -> None:
    file = tmp_path / "questions" / "household.yaml"
    file.write_text(ROWS.replace("第二条", "第九条"), encoding="utf-8")
    with pytest.raises(DemoFault, match="第九条"):
        DemoQuestions().finish(demo)
