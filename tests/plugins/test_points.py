"""Events, filters, slots, registries and capabilities, with plugins that exist in memory only."""

from typing import Protocol, runtime_checkable

import pytest
from django.forms import Media
from django.forms.widgets import MediaAsset
from django.utils.safestring import mark_safe

from portal.plugins import registry, switches
from portal.plugins.breaker import breaker
from portal.plugins.capabilities import Capability, CapabilityUnavailable, capability
from portal.plugins.events import Event
from portal.plugins.filters import Filter, Refused
from portal.plugins.points import Contribution, catalogue
from portal.plugins.slots import Registry, Slot

pytestmark = pytest.mark.usefixtures("two_plugins")


def fail(*args, **kwargs):
    raise ValueError("broken plugin")


@pytest.fixture
def point(forget_points):
    """Make a point that is forgotten after the test, with contributions by name of plugin."""

    def make(kind, *contributions):
        forget_points.append(kind)
        for plugin, target in contributions:
            name = getattr(target, "key", "")
            kind._put(Contribution(target, module="", name=name, plugin=plugin))
        return kind

    return make


def happened(*, site: int | None, what: str) -> None:
    """Something happened."""


def words(value: list[str], *, site: int | None) -> list[str]:
    """Words on their way."""
    return value


def corner(*, site: int | None) -> str | None:
    """A corner of the page."""


# --- all kinds ---
class TestDefining:
    def test_name_arguments_and_text_come_from_the_function(self, point):
        event = point(Event(happened))
        assert (event.name, event.arguments, event.doc) == (
            "happened", ("site", "what"), "Something happened.",
        )  # fmt: skip
        assert event in list(catalogue)

    def test_names_are_used_once(self, point):
        point(Event(happened))
        with pytest.raises(ValueError, match="defined twice"):
            Event(happened)

    def test_versions_of_a_filter_stand_side_by_side(self, point):
        assert point(Filter(words)).name == "words.v1"
        assert point(Filter(words, version=2)).name == "words.v2"

    def test_a_point_without_words_is_refused(self):
        def silent(*, site: int) -> None: ...

        with pytest.raises(ValueError, match="docstring"):
            Event(silent)

    def test_a_point_without_a_site_is_refused(self):
        def homeless(*, page: object) -> None:
            """Where?"""

        with pytest.raises(TypeError, match="'site'"):
            Event(homeless)

    def test_positional_arguments_are_refused(self):
        def positional(page: object, site: int) -> None:
            """Which is which?"""

        with pytest.raises(TypeError, match="keyword-only"):
            Event(positional)

    def test_the_owner_is_whose_module_registers(self, point):
        event = point(Event(happened))
        source = "@event.receiver\ndef listen(**kwargs): pass"
        exec(source, {"__name__": "made_up_late.events", "event": event})
        exec(source, {"__name__": "portal.core.something", "event": event})
        assert [owner for owner, _item in event.contributions()] == [registry.PORTAL, "late"]


# --- events ---
class TestEvents:
    def test_order_is_the_plugins_not_that_of_registration(self, point):
        told = []
        event = point(
            Event(happened),
            ("late", lambda **kwargs: told.append("late")),
            ("early", lambda **kwargs: told.append("early")),
        )
        event.send_now(site=1, what="rain")
        assert told == ["early", "late"]

    def test_only_plugins_that_are_on_for_the_site_are_told(self, point):
        told = []
        event = point(Event(happened), ("late", lambda **kwargs: told.append(kwargs["site"])))
        event.send_now(site=2, what="rain")
        with switches.override({("late", 1): False}):
            event.send_now(site=1, what="rain")
        assert told == []

    def test_one_that_fails_does_not_keep_others_from_hearing(self, point, as_in_production):
        told = []
        event = point(
            Event(happened), ("early", fail), ("late", lambda **kwargs: told.append("late"))
        )
        event.send_now(site=1, what="rain")
        assert told == ["late"]
        assert breaker.state("early")[0].point == "event:happened"

    @pytest.mark.django_db
    def test_they_are_told_after_the_commit(self, point, django_capture_on_commit_callbacks):
        told = []
        event = point(Event(happened), ("late", lambda **kwargs: told.append(kwargs)))
        with django_capture_on_commit_callbacks() as callbacks:
            event.send(site=1, what="rain")
        assert told == []
        callbacks[0]()
        assert told == [{"site": 1, "what": "rain"}]


# --- filters ---
class TestFilters:
    def test_steps_run_in_order_each_with_the_result_before(self, point):
        steps = point(
            Filter(words),
            ("late", lambda value, site: [*value, "late"]),
            ("early", lambda value, site: [*value, "early"]),
        )
        assert steps.apply(["start"], site=1) == ["start", "early", "late"]
        assert steps.apply(["start"], site=2) == ["start"]

    @pytest.mark.parametrize("bad", [fail, lambda value, site: None, lambda value, site: "text"])
    def test_a_bad_step_is_skipped(self, point, as_in_production, bad):
        steps = point(Filter(words), ("early", bad), ("late", lambda value, site: [*value, "late"]))
        assert steps.apply(["start"], site=1) == ["start", "late"]
        assert breaker.state("early")

    def test_a_step_that_fails_half_way_leaves_nothing_behind(self, point, as_in_production):
        def half(value, *, site):
            value.append("half")
            raise ValueError

        assert point(Filter(words), ("early", half)).apply(["start"], site=1) == ["start"]

    def test_a_named_refusal_reaches_the_caller_and_is_no_failure(self, point, as_in_production):
        class NoWords(Refused):
            pass

        def refuse(value, *, site):
            raise NoWords

        steps = point(Filter(words, refusals=(NoWords,)), ("early", refuse))
        with pytest.raises(NoWords):
            steps.apply([], site=1)
        assert breaker.state() == []

    def test_another_refusal_is_a_failure(self, point, as_in_production):
        class Other(Refused):
            pass

        def refuse(value, *, site):
            raise Other

        assert point(Filter(words), ("early", refuse)).apply(["a"], site=1) == ["a"]
        assert breaker.state("early")


# --- slots ---
class Component:
    media = Media(css={"all": ["x.css"]})

    def __init__(self, html="<b>bold</b>"):
        self.html = html

    def render_html(self, parent_context=None):
        return mark_safe(self.html)


class Broken(Component):
    def render_html(self, parent_context=None):
        raise ValueError


class BrokenMedia(Component):
    media = "no media"


class MissingFile(MediaAsset):
    @property
    def path(self):
        raise ValueError("no such file in the manifest")


class MissingMedia(Component):
    media = Media(css={"all": [MissingFile("missing.css")]})


class TestSlots:
    def test_components_and_text_are_shown_in_order(self, point):
        slot = point(
            Slot(corner), ("late", lambda site: "1 < 2"), ("early", lambda site: Component())
        )
        output = slot.render(site=1)
        assert str(output) == "<b>bold</b>1 &lt; 2"
        assert "x.css" in str(output.media)
        assert output.complete

    def test_nothing_is_nothing(self, point):
        output = point(Slot(corner), ("late", lambda site: None)).render(site=1)
        assert not output
        assert output.html == ""

    @pytest.mark.parametrize(
        "bad",
        [fail, lambda site: Broken(), lambda site: BrokenMedia(), lambda site: MissingMedia()],
    )
    def test_a_failing_plugin_shows_nothing_and_the_others_are_shown(
        self, point, as_in_production, bad
    ):
        output = point(Slot(corner), ("early", bad), ("late", lambda site: "late")).render(site=1)
        assert output.html == "late"
        assert not output.complete

    def test_off_is_nothing(self, point):
        slot = point(Slot(corner), ("late", lambda site: "late"))
        assert not slot.render(site=2)


# --- registries ---
class Panel:
    def __init__(self, key="panel"):
        self.key = key

    def show(self):
        return f"shown {self.key}"


class BrokenPanel(Panel):
    def show(self):
        raise ValueError


class TestRegistries:
    def test_keys_name_plugin_and_item(self, point):
        panels = point(
            Registry("panels", Panel, doc="Panels."), ("late", Panel("b")), ("early", Panel("a"))
        )
        assert [entry.key for entry in panels.entries(1)] == ["early.a", "late.b"]
        assert panels.get("late.b", 1).run(lambda panel: panel.show(), "") == "shown b"
        assert panels.get("late.b", 2) is None
        assert panels.get("late.zzz", 1) is None

    def test_a_failing_item_gives_the_default(self, point, as_in_production):
        panels = point(Registry("panels", Panel, doc="Panels."), ("late", BrokenPanel()))
        assert [entry.run(BrokenPanel.show, "-") for entry in panels.entries(1)] == ["-"]

    def test_items_are_of_the_type(self, point):
        panels = point(Registry("panels", Panel, doc="Panels."))
        with pytest.raises(TypeError, match="takes Panel, not str"):
            panels.register("text", "not a panel")

    @pytest.mark.parametrize("name", ["", "with space", "a.b", "名"])
    def test_names_can_be_stored(self, point, name):
        panels = point(Registry("panels", Panel, doc="Panels."))
        with pytest.raises(ValueError, match="is not a name"):
            panels.register(name, Panel())

    def test_a_module_uses_a_name_once(self, point):
        panels = point(Registry("panels", Panel, doc="Panels."))
        panels.register("one", Panel())
        with pytest.raises(ValueError, match="twice"):
            panels.register("one", Panel())
        assert len(panels.contributions()) == 1


# --- capabilities ---
@runtime_checkable
class Counter(Protocol):
    """Counts."""

    def count(self, things: list[str]) -> int: ...


class Works:
    unit = "things"

    def count(self, things):
        return len(things)


class Fails:
    def count(self, things):
        raise ValueError


class TestCapabilities:
    def test_the_first_plugin_that_is_on_provides(self, point):
        class Other(Works):
            unit = "others"

        counter = point(Capability("counter", Counter), ("late", Other()), ("early", Works()))
        assert capability("counter", 1).unit == "things"
        assert capability(counter, 1).count(["a", "b"]) == 2
        with switches.override({("early", 1): False}):
            assert capability(counter, 1).unit == "others"

    def test_nobody_provides(self, point):
        counter = point(Capability("counter", Counter), ("late", Works()))
        assert capability(counter, 2) is None

    def test_an_unknown_name_is_a_mistake(self):
        with pytest.raises(LookupError, match="no capability"):
            capability("cuonter", 1)

    def test_a_provider_has_the_methods(self, point):
        with pytest.raises(TypeError, match="is not a Counter"):
            point(Capability("counter", Counter)).provide(object())

    def test_a_failing_provider_is_told_by_name_and_left_out_after_a_while(
        self, point, as_in_production, settings
    ):
        settings.PORTAL_PLUGIN_FAILURE_LIMIT = 2
        counter = point(Capability("counter", Counter), ("early", Fails()), ("late", Works()))
        for _ in range(2):
            with pytest.raises(CapabilityUnavailable):
                capability(counter, 1).count([])
        assert capability(counter, 1).count(["a"]) == 1

    def test_the_provider_still_is_what_the_protocol_says(self, point):
        counter = point(Capability("counter", Counter), ("late", Works()))
        assert isinstance(capability(counter, 1), Counter)
