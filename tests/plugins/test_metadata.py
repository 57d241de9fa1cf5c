import pytest
from django.utils.translation import gettext_lazy, override
from hypothesis import given
from hypothesis import strategies as st

from portal.plugins.metadata import (
    Level,
    Metadata,
    Need,
    PluginMetadataError,
    read_metadata,
)

from .plugins import metadata


def test_a_minimal_declaration_has_defaults():
    plugin = metadata("open_data")
    assert plugin.level is Level.SITE
    assert plugin.url_prefix == "open-data/"
    assert not plugin.default_enabled
    assert plugin.sort_key == (100, "open_data")


def test_every_mistake_is_told_in_one_message():
    with pytest.raises(PluginMetadataError) as caught:
        metadata(
            "letters",
            version="one",
            level="galaxy",
            requires_portal="newest",
            requires=["no slug!"],
            order="first",
            default_enabled="yes",
            permissions=["everything"],
            outbound_hosts=["https://example.org/"],
            url_prefix="admin/",
            colour="red",
        )
    message = str(caught.value)
    assert message.startswith("Plugin letters: wrong metadata. ")
    assert set(caught.value.errors) == {
        "version", "level", "requires_portal", "requires", "order", "default_enabled",
        "permissions", "outbound_hosts", "url_prefix", "colour",
    }  # fmt: skip
    assert all(f"{field}: " in message for field in caught.value.errors)


def test_missing_fields_are_told_with_the_apps_name():
    with pytest.raises(PluginMetadataError) as caught:
        read_metadata(type("PluginMeta", (), {}), app="some_app")
    assert caught.value.plugin == "some_app"
    assert set(caught.value.errors) == {"slug", "title", "version"}


def test_missing_declaration():
    with pytest.raises(PluginMetadataError, match=r"Plugin some_app: .*PluginMeta: is missing"):
        read_metadata(None, app="some_app")


def test_declarations_are_inherited():
    class Base:
        version = "2.0"
        order = 7

    class PluginMeta(Base):
        slug = "child"
        title = "Child"

    plugin = read_metadata(PluginMeta, app="child")
    assert (plugin.version, plugin.order) == ("2.0", 7)


def test_a_plugin_cannot_require_itself():
    with pytest.raises(PluginMetadataError, match="require itself"):
        metadata("self_loving", requires=["self_loving>=1"])


def test_the_digest_follows_declared_rights_only():
    plugin = metadata("letters", data=["names"], outbound_hosts=["sms.example.org"])
    same = metadata("letters", data=["names"], outbound_hosts=["sms.example.org"], version="9.9")
    more = metadata("letters", data=["names", "phone numbers"], outbound_hosts=["sms.example.org"])
    assert plugin.declaration.digest == same.declaration.digest != more.declaration.digest


def test_the_digest_does_not_depend_on_the_language():
    plugin = metadata("letters", data=[gettext_lazy("Home")])
    with override("zh-hans"):
        chinese = plugin.declaration
    with override("en"):
        english = plugin.declaration
    assert chinese.digest == english.digest
    assert chinese.data != english.data


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.tuples(inner) | st.dictionaries(st.text(), inner)
    ),
    max_leaves=5,
)
FIELDS = sorted(set(Metadata.__slots__) - {"app"})


@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING))
def test_any_declaration_is_either_valid_or_refused_by_name(declared):
    try:
        plugin = read_metadata(type("PluginMeta", (), declared), app="any_app")
    except PluginMetadataError as error:
        refused = set(error.errors)
    else:
        refused = set()
        assert plugin.declaration.as_json()["digest"]
    assert refused <= set(FIELDS)


@given(st.text(max_size=40))
def test_needs_are_read_or_refused(text):
    try:
        need = Need.parse(text)
    except ValueError:
        return
    assert Need.parse(str(need)) == need
    assert need.accepts("1.0") in (True, False)


def test_needs_compare_versions():
    need = Need.parse("library>=1.2,<2")
    assert need.slug == "library"
    assert [need.accepts(version) for version in ("1.1", "1.2", "2.0", "1.10")] == [
        False, True, False, True,
    ]  # fmt: skip
