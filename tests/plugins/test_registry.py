from portal.plugins.registry import PORTAL, examine, installed

from .plugins import metadata


def codes(plugins, slug):
    return sorted(problem.code for problem in plugins.problems.get(slug, ()))


def test_order_is_order_then_slug():
    plugins = examine([metadata("b"), metadata("z", order=1), metadata("a")])
    assert list(plugins.by_slug) == ["z", "a", "b"]


def test_everything_that_is_missing_is_found_at_once():
    plugins = examine(
        [
            metadata("letters", requires=["library", "clocks>=2", "ghost"], requires_portal=">=9"),
            metadata("clocks", version="1.5"),
        ],
        portal="1.0",
    )
    assert codes(plugins, "letters") == [
        "missing_plugin", "missing_plugin", "plugin_version", "portal_version",
    ]  # fmt: skip
    assert not plugins.usable("letters")
    assert plugins.usable("clocks")
    told = " ".join(str(problem) for problem in plugins.problems["letters"])
    assert all(name in told for name in ("letters", "library", "clocks>=2", "1.5", "ghost", ">=9"))


def test_a_slug_used_twice_makes_both_unusable():
    first, second = metadata("twin"), metadata("twin", order=1)
    plugins = examine([first, second])
    assert codes(plugins, "twin") == ["duplicate"]
    assert not plugins.usable("twin")


def test_plugins_that_require_each_other_are_told():
    plugins = examine(
        [
            metadata("a", requires=["b"]),
            metadata("b", requires=["c"]),
            metadata("c", requires=["a"]),
            metadata("d", requires=["a"]),
        ]
    )
    assert [codes(plugins, slug) for slug in "abc"] == [["circle"]] * 3
    assert plugins.usable("d")  # off all the same, because what it requires is off


def test_an_address_has_one_owner():
    plugins = examine(
        [
            metadata("a", urls="a.urls", url_prefix="data/"),
            metadata("b", urls="b.urls", url_prefix="data/"),
            metadata("c", urls="c.urls", url_prefix="en/"),
        ],
        languages=["zh-hans", "en"],
    )
    assert codes(plugins, "a") == []
    assert codes(plugins, "b") == ["url_prefix"]
    assert codes(plugins, "c") == ["url_prefix"]


def test_code_belongs_to_the_plugin_whose_package_it_is_in():
    plugins = examine([metadata("letters")])
    assert plugins.owner_of("made_up_letters.slots.deep") == "letters"
    assert plugins.owner_of("made_up_letters_extra") == PORTAL
    assert plugins.owner_of("portal.core") == PORTAL


def test_the_dummy_is_installed_without_problems():
    assert installed().usable("dummy")
    assert installed().owner_of("portal_dummy.slots") == "dummy"
