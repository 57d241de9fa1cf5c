"""Extraction, checking and compilation of the portal's own messages."""

import gettext
from pathlib import Path
from typing import Any

import polib
import pytest
from django.core.management import CommandError, call_command
from django.template import Context, Engine
from django.utils import translation
from django.utils.translation import trans_real
from hypothesis import given
from hypothesis import strategies as st

from portal.core.catalogues.checking import (
    message_problems,
    placeholders,
    translation_problems,
)
from portal.core.catalogues.extraction import (
    Extracted,
    MessageKey,
    extract,
    from_python,
    from_template,
)
from portal.core.catalogues.files import (
    CatalogueUnreadable,
    catalogue_path,
    catalogue_problems,
    compile_catalogue,
    read_catalogue,
    update_catalogue,
)
from portal.core.management.commands import messages


def python(text: str) -> tuple[list[MessageKey], list[str]]:
    problems: list[str] = []
    return list(from_python(text, "x.py", problems)), problems


def template(text: str) -> list[MessageKey]:
    problems: list[str] = []
    keys = list(from_template(text, "x.html", problems))
    assert not problems
    return keys


# --- extraction from Python -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("source", "key"),
    [
        ('_("Plain")', MessageKey("Plain")),
        ("gettext_lazy('Plain')", MessageKey("Plain")),
        ("translation.gettext('By module')", MessageKey("By module")),
        ("_('Joined '\n  'over lines')", MessageKey("Joined over lines")),
        ("_('''Three\nlines''')", MessageKey("Three\nlines")),
        ('_("With “marks” and \\"quotes\\"")', MessageKey('With “marks” and "quotes"')),
        ("ngettext('%(n)d page', '%(n)d pages', n)", MessageKey("%(n)d page", "%(n)d pages")),
        ("ngettext_lazy('a', 'b', 'count')", MessageKey("a", "b")),
        ("pgettext('verb', 'Open')", MessageKey("Open", "", "verb")),
        ("npgettext('shelf', 'file', 'files', 2)", MessageKey("file", "files", "shelf")),
        ("_('Named %(x)s') % {'x': _('inner')}", MessageKey("Named %(x)s")),
        ("_('Filled {x}').format(x=1)", MessageKey("Filled {x}")),
    ],
)
def test_a_message_in_python_is_found(source: str, key: MessageKey) -> None:
    keys, problems = python(source)
    assert key in keys
    assert not problems


@pytest.mark.parametrize(
    "source",
    ["_(name)", "_('')", "_()", "other('x')", "# _('x')", "'_(\"x\")'", "_ = 3", "ngettext('x')"],
)
def test_what_is_no_message_in_python_is_left_alone(source: str) -> None:
    assert python(source) == ([], [])


@pytest.mark.parametrize(
    "source",
    ["_(f'{n} pages')", "_('a ' + name)", "_('%s pages' % n)", "_('{} pages'.format(n))"],
)
def test_a_message_that_no_catalogue_can_hold_is_told_with_its_line(source: str) -> None:
    keys, problems = python("\n\n" + source)
    assert not keys
    assert problems == ["x.py:3: a message must be one literal; use named placeholders"]


@given(st.text(min_size=1, alphabet=st.characters(codec="utf-8")))
def test_any_text_survives_the_way_through_python(text: str) -> None:
    assert python(f"_({text!r})")[0] == [MessageKey(text)]


# --- extraction from templates ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("source", "key"),
    [
        ('{% translate "Search" %}', MessageKey("Search")),
        ("{% trans 'Search' %}", MessageKey("Search")),
        ('{% translate "Open" context "verb" %}', MessageKey("Open", "", "verb")),
        ('{% translate "Search" as label %}{{ label }}', MessageKey("Search")),
        ('{% translate "Search"|upper %}', MessageKey("Search")),
        ('{% translate "100%" %}', MessageKey("100%%")),
        (
            "{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}",
            MessageKey("Hello %(name)s"),
        ),
        (
            "{% blocktranslate trimmed %}\n  Over\n  two lines\n{% endblocktranslate %}",
            MessageKey("Over two lines"),
        ),
        (
            "{% blocktranslate count n=rows %}{{ n }} page{% plural %}{{ n }} pages"
            "{% endblocktranslate %}",
            MessageKey("%(n)s page", "%(n)s pages"),
        ),
        (
            '{% blocktranslate trimmed count n=rows context "shelf" %}\n {{ n }} file\n'
            "{% plural %}\n {{ n }} files\n{% endblocktranslate %}",
            MessageKey("%(n)s file", "%(n)s files", "shelf"),
        ),
        ('{{ _("Constant") }}', MessageKey("Constant")),
        ('{{ value|default:_("None yet") }}', MessageKey("None yet")),
        ('{% include "x.html" with title=_("A title") %}', MessageKey("A title")),
        ('{% translate "It\'s “said”" %}', MessageKey("It's “said”")),
        ("{% translate 'say \"x\"' %}", MessageKey('say "x"')),
        (
            "{% blocktranslate %}a 'b' \"c\" \\d{% endblocktranslate %}",
            MessageKey("a 'b' \"c\" \\d"),
        ),
    ],
)
def test_a_message_in_a_template_is_found(source: str, key: MessageKey) -> None:
    assert template(source) == [key]


@pytest.mark.parametrize(
    "source",
    [
        "plain gettext('text') and _('text')",
        "{% translate variable %}",
        '{% comment %}{% translate "No" %}{% endcomment %}',
        '{# {% translate "No" %} #}',
        '{% verbatim %}{% translate "No" %}{% endverbatim %}',
        "",
    ],
)
def test_what_is_no_message_in_a_template_is_left_alone(source: str) -> None:
    assert template(source) == []


def test_a_block_with_another_tag_inside_is_told_by_name(tmp_path: Path) -> None:
    page = tmp_path / "portal" / "templates" / "bad.html"
    page.parent.mkdir(parents=True)
    page.write_text("{% blocktranslate %}{% if a %}{% endif %}{% endblocktranslate %}")
    found = extract(tmp_path, ["portal"])
    assert "portal/templates/bad.html: cannot be read" in found.problems[0]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(builtins=["django.templatetags.i18n"])


def record_lookups(patch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Every message that rendering looks up in the catalogues, from now on."""
    seen: list[tuple[str, ...]] = []

    def note(name: str, arity: int) -> None:
        original = getattr(trans_real, name)

        def looked_up(*arguments: Any) -> str:
            seen.append(tuple(map(str, arguments[:arity])))
            return str(original(*arguments))

        patch.setattr(translation._trans, name, looked_up)

    for name, arity in (("gettext", 1), ("pgettext", 2), ("ngettext", 2), ("npgettext", 3)):
        note(name, arity)
    return seen


WORDS = st.text(st.sampled_from("ab 云湖 %%\"'\\\n{}()_,s;<&é"), min_size=1, max_size=20).filter(
    lambda text: text.strip()
)
NOT_IN_TAGS = str.maketrans("", "", "\"'\\\n{}%")
TAG_SAFE = WORDS.map(lambda text: text.translate(NOT_IN_TAGS)).filter(str.strip)
BODY_SAFE = WORDS.filter(lambda text: not any(mark in text for mark in ("{{", "{%", "{#")))


@given(
    source=st.one_of(
        TAG_SAFE.map(lambda text: f'{{% translate "{text}" %}}'),
        TAG_SAFE.map(lambda text: f"{{% translate '{text}%' context \"some where\" %}}"),
        TAG_SAFE.map(lambda text: f'{{{{ _("{text}") }}}}'),
        TAG_SAFE.map(lambda text: f'{{{{ none|default:_("{text}%") }}}}'),
        st.tuples(BODY_SAFE, st.sampled_from(["", "trimmed"]), BODY_SAFE).map(
            lambda parts: (
                f"{{% blocktranslate {parts[1]} %}}{parts[0]}{{{{ name }}}}{parts[2]}"
                "{% endblocktranslate %}"
            )
        ),
        st.tuples(BODY_SAFE, BODY_SAFE).map(
            lambda parts: (
                f"{{% blocktranslate count n=rows %}}{parts[0]}{{% plural %}}"
                f"{parts[1]}{{% endblocktranslate %}}"
            )
        ),
    )
)
def test_what_is_extracted_is_what_rendering_looks_up(source: str, engine: Engine) -> None:
    with pytest.MonkeyPatch.context() as patch:
        seen = record_lookups(patch)
        engine.from_string(source).render(Context({"name": "N", "rows": 2, "none": ""}))
    (key,) = template(source)
    assert tuple(filter(None, (key.context, key.singular, key.plural))) in seen


# --- a folder ---------------------------------------------------------------------------------
def test_a_folder_is_read_without_tests_and_migrations(tmp_path: Path) -> None:
    for name, text in {
        "portal/views.py": "_('view')",
        "portal/core/templates/core/a.html": '{% translate "page" %}',
        "portal/core/templates/core/a.js": '{% translate "script" %}',
        "portal/core/note.html": '{% translate "not a template" %}',
        "portal/core/migrations/0001.py": "_('migration')",
        "portal/tests/test_x.py": "_('test')",
        "assistant/words.py": "_('view')",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert extract(tmp_path, ["portal", "assistant"]).messages == {
        MessageKey("page"): ["portal/core/templates/core/a.html"],
        MessageKey("view"): ["portal/views.py", "assistant/words.py"],
    }


def test_a_message_with_and_without_plural_is_one_and_two_plurals_are_told(tmp_path: Path) -> None:
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "a.py").write_text("_('page'); ngettext('page', 'pages', 1)")
    (tmp_path / "portal" / "b.py").write_text("ngettext('row', 'rows', 1)")
    (tmp_path / "portal" / "c.py").write_text("ngettext('row', 'lines', 1)")
    found = extract(tmp_path, ["portal"])
    assert MessageKey("page") not in found.messages
    assert MessageKey("page", "pages") in found.messages
    assert found.problems == ["portal/b.py: 'row' has two plurals, 'lines' and 'rows'"]


# --- checking ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("%(count)d of %(name)s", {"%(count)", "%(name)"}),
        ("{count} of {name!r:>8}", {"{count}", "{name}"}),
        ("%s and %d", {"0:%s", "1:%d"}),
        ("100%% of it", set()),
        ("{{ literal }}", set()),
        ("a % sign", set()),
        ("", set()),
    ],
)
def test_placeholders_are_read(text: str, names: set[str]) -> None:
    assert placeholders(text) == names


@pytest.mark.parametrize(
    ("source", "plural", "translation", "words"),
    [
        ("%(n)d pages", "", "共 %(m)d 页", ["lacks %(n)", "has %(m), which"]),
        ("{site} is closed", "", "已关闭", ["lacks {site}"]),
        ("one page", "%(n)d pages", "一页", ["lacks %(n)"]),
        ("%(n)d of 100", "", "100% 中的 %(n)d", ["percent sign"]),
        ("%(n)d", "", "%(n)", ["lacks %(n)"]),
        ("End\n", "", "完", ["must end with a line break"]),
        ("End", "", "\n完", ["must begin with a line break"]),
    ],
)
def test_a_translation_that_would_break_the_page_is_told(
    source: str, plural: str, translation: str, words: list[str]
) -> None:
    told = " | ".join(translation_problems(source, plural, translation))
    assert all(word in told for word in words), told


@pytest.mark.parametrize(
    ("source", "plural", "translation"),
    [
        ("%(n)d pages of %(site)s", "", "%(site)s 共 %(n)d 页"),
        ("%(n)d page", "%(n)d pages", "%(n)d 页"),
        ("one page", "%(n)d pages", "%(n)d 页"),
        ("%(n)d%% done", "", "已完成 %(n)d%%"),
        ("plain", "", "100% 普通"),
    ],
)
def test_a_good_translation_is_left_alone(source: str, plural: str, translation: str) -> None:
    assert list(translation_problems(source, plural, translation)) == []


def test_two_unnamed_placeholders_are_told() -> None:
    assert list(message_problems("%s of %s", ""))
    assert not list(message_problems("%s pages, 100%%", ""))


@given(st.text("%()sdn{}a \n", max_size=12), st.text("%()sdn{}a \n", max_size=12))
def test_checking_never_fails_on_any_text(source: str, translation: str) -> None:
    list(message_problems(source, source))
    list(translation_problems(source, "", translation))


# --- catalogues -------------------------------------------------------------------------------
def found_of(*keys: MessageKey) -> Extracted:
    return Extracted({key: ["portal/a.py"] for key in keys})


def entry(msgid: str, msgstr: str = "", **more: Any) -> polib.POEntry:
    return polib.POEntry(msgid=msgid, msgstr=msgstr, **more)


def test_an_update_keeps_translations_drops_the_unused_and_takes_missing_ones_over() -> None:
    found = found_of(
        MessageKey("kept"), MessageKey("new"), MessageKey("Open", "", "verb"), MessageKey("a", "b")
    )
    old = [entry("kept", "保留", tcomment="seen"), entry("gone", "不用"), entry("unsure", "?")]
    others = [
        (
            "x.po",
            [
                entry("new", "新"),
                entry("kept", "另一个"),
                entry("Open", "打开", msgctxt="verb"),
                entry("a", msgid_plural="b", msgstr_plural={0: "丙"}),
                entry("foreign", "外"),
            ],
        ),
        ("y.po", [entry("new", "更新")]),
    ]
    catalogue, change = update_catalogue(old, found, others, "zh_Hans")
    texts = {(row.msgctxt, row.msgid): row.msgstr or row.msgstr_plural for row in catalogue}
    assert texts == {
        (None, "kept"): "保留",
        (None, "new"): "新",
        ("verb", "Open"): "打开",
        (None, "a"): {0: "丙"},
    }
    assert (change.added, change.removed, change.filled) == (3, 2, 3)
    assert len(change.conflicts) == 2
    assert "kept '保留', not '另一个'" in change.conflicts[0]


def test_an_update_is_stable() -> None:
    found = found_of(MessageKey("b"), MessageKey("a"), MessageKey("a", "", "c"))
    first, _ = update_catalogue([], found, [], "zh_Hans")
    second, change = update_catalogue(first, found, [], "zh_Hans")
    assert str(first) == str(second)
    assert (change.added, change.removed) == (0, 0)


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([], "'Hello %(n)s' is missing"),
        ([entry("Hello %(n)s")], "is not translated"),
        ([entry("Hello %(n)s", "您好 %(n)s", flags=["fuzzy"])], "is marked fuzzy"),
        ([entry("Hello %(n)s", "您好")], "lacks %(n)"),
        (
            [entry("Hello %(n)s", msgid_plural="x %(n)s", msgstr_plural={0: "%(n)s"})],
            "with another plural",
        ),
        ([entry("Hello %(n)s", "您好 %(n)s", obsolete=True)], "is missing"),
    ],
)
def test_a_catalogue_that_must_be_complete_is_checked(
    entries: list[polib.POEntry], words: str
) -> None:
    (problem,) = catalogue_problems(entries, found_of(MessageKey("Hello %(n)s")), complete=True)
    assert problem.startswith("portal/a.py: 'Hello %(n)s'")
    assert words in problem


def test_a_catalogue_in_the_making_is_checked_only_for_what_it_has() -> None:
    found = found_of(MessageKey("a"), MessageKey("b %(n)s"))
    assert not list(catalogue_problems([entry("a", "x")], found, complete=False))
    assert list(catalogue_problems([entry("b %(n)s", "x")], found, complete=False))


def test_a_compiled_catalogue_is_what_gettext_reads_and_is_written_once(tmp_path: Path) -> None:
    path = catalogue_path(tmp_path, "zh_Hans")
    path.parent.mkdir(parents=True)
    found = found_of(MessageKey("Open", "", "verb"), MessageKey("page", "pages"), MessageKey("x"))
    others = [
        (
            "o.po",
            [
                entry("Open", "打开", msgctxt="verb"),
                entry("page", msgid_plural="pages", msgstr_plural={0: "页"}),
                entry("x", "某", flags=["fuzzy"]),
            ],
        )
    ]
    catalogue, _ = update_catalogue([], found, others, "zh_Hans")
    catalogue.save(str(path))
    assert compile_catalogue(path)
    assert not compile_catalogue(path)
    with path.with_suffix(".mo").open("rb") as stream:
        read = gettext.GNUTranslations(stream)
    assert read.pgettext("verb", "Open") == "打开"
    assert read.ngettext("page", "pages", 5) == "页"
    assert read.gettext("page") == "页"
    assert read.gettext("x") == "x"
    assert sorted(file.name for file in path.parent.iterdir()) == ["django.mo", "django.po"]


@pytest.mark.parametrize("content", [b"msgid", b'msgid "x"\nrubbish', b"\xff\xfe", b"msgstr 3"])
def test_a_damaged_catalogue_is_told_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "django.po"
    path.write_bytes(content)
    with pytest.raises(CatalogueUnreadable, match=r"django\.po"):
        read_catalogue(path)


# --- the commands -----------------------------------------------------------------------------
@pytest.fixture
def project(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One public message, one that only editors read; Japanese has the first, Korean both."""
    settings.PROJECT_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locales"]
    monkeypatch.setattr(messages, "PUBLIC_LANGUAGES", ("ja",))
    monkeypatch.setattr(messages, "STAFF_LANGUAGES", ("ko",))
    monkeypatch.setattr(messages, "PUBLIC_PYTHON", ("portal/a.py",))
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "a.py").write_text("_('Hello')")
    (tmp_path / "portal" / "hooks.py").write_text("_('Edit')")
    return tmp_path


class _Chinese(gettext.NullTranslations):
    """What Django asks after the catalogue of a language."""

    def gettext(self, message: str) -> str:
        return "中文"


def test_update_merge_check_and_compile_by_command(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("messages", "check")
    assert [line.partition(": there is no")[0] for line in str(refused.value).splitlines()[:4]] == [
        "zh_Hans", "zh_Hant", "ko", "ja",
    ]  # fmt: skip
    call_command("messages", "update")
    shown = capsys.readouterr().out
    assert "zh_Hans: 2 messages, 2 new, 0 no longer used" in shown
    assert "ja: 1 messages, 1 new, 0 no longer used, 0 translations taken over, 1 to" in shown
    assert "ko: 2 messages, 2 new" in shown
    (project / "mine.po").write_text(
        'msgid "Hello"\nmsgstr "您好"\n\nmsgid "Edit"\nmsgstr "编辑"\n', encoding="utf-8"
    )
    call_command("messages", "update", merge=[project / "mine.po"])
    with pytest.raises(CommandError) as refused:
        call_command("messages", "check")
    assert str(refused.value).splitlines()[:3] == [
        "ja: portal/a.py: 'Hello' is not translated",
        "ko: portal/hooks.py: 'Edit' is not translated",
        "ko: portal/a.py: 'Hello' is not translated",
    ]
    (project / "ja.po").write_text(
        'msgid ""\nmsgstr "Language: ja\\n"\n\nmsgid "Hello"\nmsgstr "こんにちは"\n',
        encoding="utf-8",
    )
    (project / "ko.po").write_text(
        'msgid ""\nmsgstr "Language: ko\\n"\n\nmsgid "Hello"\nmsgstr "안녕하세요"\n\n'
        'msgid "Edit"\nmsgstr "편집"\n',
        encoding="utf-8",
    )
    call_command("messages", "update", merge=[project / "ja.po", project / "ko.po"])
    simplified = catalogue_path(project / "locales", "zh_Hans")
    simplified.write_text(simplified.read_text("utf-8").replace("您好", "欢迎"), "utf-8")
    with pytest.raises(CommandError, match=r"^zh_Hant: 1 messages are not what zh_Hans says"):
        call_command("messages", "check")
    call_command("messages", "traditional")
    assert "歡迎" in catalogue_path(project / "locales", "zh_Hant").read_text("utf-8")
    call_command("messages", "check")
    shown = capsys.readouterr().out
    assert "2 messages, all translated, also in ko; the 1 public ones also in ja" in shown
    call_command("compile_messages")
    with catalogue_path(project / "locales", "ja").with_suffix(".mo").open("rb") as stream:
        japanese = gettext.GNUTranslations(stream)
    assert japanese.gettext("Hello") == "こんにちは"
    japanese.add_fallback(_Chinese())
    assert japanese.gettext("Edit") == "Edit"


def test_an_unreadable_file_refuses_the_update_so_that_nothing_is_lost(project: Path) -> None:
    call_command("messages", "update", verbosity=0)
    (project / "portal" / "a.py").write_text("def broken(:")
    with pytest.raises(CommandError, match=r"portal/a\.py: cannot be read"):
        call_command("messages", "update")
    assert "Hello" in catalogue_path(project / "locales", "zh_Hans").read_text()
