"""Jobs of plugins: due on time, once at a time, over restarts, each failure its own."""

import datetime
import threading
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.core import health
from portal.plugins import jobs, registry
from portal.plugins.breaker import breaker
from portal.plugins.checks import check_jobs
from portal.plugins.jobs import ScheduledJob, run_due, scheduled_jobs
from portal.plugins.models import JobRun, PluginIncident
from portal.testing import PortalTestCase, disable_plugin, enable_plugin, production_behaviour

from .plugins import metadata

ZONE = ZoneInfo("Asia/Shanghai")
DAILY = ScheduledJob(label="d", work=lambda site: None, at=datetime.time(3, 30))
OFTEN = ScheduledJob(label="o", work=lambda site: None, every=datetime.timedelta(minutes=5))


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("job", "last", "now", "failures", "expected"),
    [
        (OFTEN, "2026-11-02 09:00:59", "2026-11-02 09:04:59", 0, False),
        (OFTEN, "2026-11-02 09:00:59", "2026-11-02 09:05:00", 0, True),
        (DAILY, "2026-11-02 03:30:10", "2026-11-02 23:59:00", 0, False),
        (DAILY, "2026-11-02 03:30:10", "2026-11-03 03:29:59", 0, False),
        (DAILY, "2026-11-02 03:30:10", "2026-11-03 03:30:00", 0, True),
        (DAILY, "2026-11-01 03:30:10", "2026-11-02 14:00:00", 0, True),  # the night was missed
        (DAILY, "2026-11-02 03:30:10", "2026-11-02 03:40:00", 1, False),
        (DAILY, "2026-11-02 03:30:10", "2026-11-02 03:46:00", 1, True),  # tried again
        (DAILY, "2026-11-02 03:30:10", "2026-11-02 03:46:00", 4, False),  # often enough
    ],
)
def test_when_a_job_is_due(job, last, now, failures, expected):
    assert job.due(at(now), at(last), failures) is expected


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"every": datetime.timedelta(minutes=1), "at": datetime.time(3)},
        {"every": datetime.timedelta(seconds=30)},
        {"every": datetime.timedelta(seconds=90)},
        {"at": datetime.time(3, tzinfo=ZONE)},
    ],
)
def test_a_wrong_schedule_is_refused(wrong):
    with pytest.raises(ValueError, match=r"every|at"):
        ScheduledJob(label="x", work=print, **wrong)


def test_a_job_that_nobody_was_shown_is_told_and_does_not_run(two_plugins):
    ran = []
    job = ScheduledJob(label="secret", work=ran.append, every=datetime.timedelta(minutes=1))
    with scheduled_jobs.temporarily(job, plugin="early", name="secret"):
        messages = [message for message in check_jobs() if message.obj == "early"]
        assert [message.id for message in messages] == ["plugins.E010"]
        assert not [entry for entry, _site in jobs.places() if entry.plugin == "early"]


def test_declared_jobs_pass_the_check():
    assert check_jobs() == []


def job_of_the_dummy():
    return next(item for owner, item in scheduled_jobs.contributions() if owner == "dummy")


class RunningTest(PortalTestCase):
    """The dummy's job at work; what it would do is replaced by a list of sites."""

    def setUp(self):
        super().setUp()
        self.ran: list[int | None] = []
        self.error: Exception | None = None
        for other in (
            "policy_interpretation",
            "assistant",
            "foreign",
            "editorial",
            "bundles",
            "library",
            "proofreading",
            "search",
            "services",
            "interaction",
            "participation",
            "evidence",
            "receipts",
            "reposting",
            "visits",
        ):  # their jobs are not looked at
            self.enterContext(disable_plugin(other))
        entry = job_of_the_dummy()
        original = entry.target
        label = original.label

        def work(site):
            self.ran.append(site)
            if self.error:
                raise self.error

        self.use(entry, ScheduledJob(label=label, work=work, at=datetime.time(3, 40)))
        self.addCleanup(self.use, entry, original)

    @staticmethod
    def use(entry, job):
        object.__setattr__(entry, "target", job)

    def go(self, text: str) -> list[str]:
        with enable_plugin("dummy", self.site_pk), production_behaviour():
            return run_due(at(text))

    def test_it_begins_tonight_runs_once_and_again_the_next_night(self):
        assert self.go("2026-11-02 14:00") == []
        assert self.go("2026-11-03 03:39") == []
        assert self.go("2026-11-03 03:40") == ["dummy.forget_old_notes"]
        assert self.go("2026-11-03 03:41") == []
        assert self.go("2026-11-04 09:00") == ["dummy.forget_old_notes"]
        assert self.ran == [self.site_pk, self.site_pk]
        run = JobRun.objects.get()
        assert (run.site_id, run.error, run.failures) == (self.site_pk, "", 0)
        assert run.finished_at is not None

    def test_it_does_not_run_where_the_plugin_is_off(self):
        self.go("2026-11-02 14:00")
        with disable_plugin("dummy"):
            assert run_due(at("2026-11-03 03:40")) == []
        assert self.ran == []

    def test_a_failure_is_noted_told_and_tried_again(self):
        self.go("2026-11-02 14:00")
        self.error = RuntimeError("13800000000")
        with self.captureOnCommitCallbacks(execute=True):
            self.go("2026-11-03 03:40")
        run = JobRun.objects.get()
        assert "RuntimeError" in run.error
        assert "138" not in run.error  # texts of exceptions quote what people typed
        assert run.failures == 1
        assert PluginIncident.objects.filter(point="registry:scheduled_jobs").exists()
        with enable_plugin("dummy", self.site_pk):
            part = health.plugin_jobs()
        assert (part.ok, part.critical) == (False, False)
        assert part.detail == "failing: dummy.forget_old_notes"
        self.error = None
        assert self.go("2026-11-03 03:41") == []
        assert self.go("2026-11-03 03:56") == ["dummy.forget_old_notes"]
        run.refresh_from_db()
        assert (run.error, run.failures) == ("", 0)
        with enable_plugin("dummy", self.site_pk):
            assert health.plugin_jobs().ok

    def test_the_circuit_breaker_leaves_it_out_and_the_run_stays_due(self):
        self.go("2026-11-02 14:00")
        with production_behaviour(), enable_plugin("dummy", self.site_pk):
            for _ in range(5):
                breaker.failed("dummy", scheduled_jobs.title, RuntimeError())
            assert run_due(at("2026-11-03 03:40")) == []
            breaker.reset("dummy")
            assert run_due(at("2026-11-03 03:41")) == ["dummy.forget_old_notes"]

    def test_a_failing_job_does_not_keep_another_one_from_running(self):
        self.error = RuntimeError()
        done = []
        other = ScheduledJob(
            label=job_of_the_dummy().target.label,
            work=done.append,
            every=datetime.timedelta(minutes=1),
        )
        with scheduled_jobs.temporarily(other, plugin="dummy", name="other"):
            self.go("2026-11-02 14:00")
            self.go("2026-11-03 03:40")
        assert self.ran == done == [self.site_pk]

    def test_what_runs_is_not_begun_a_second_time(self):
        self.go("2026-11-02 14:00")
        JobRun.objects.update(started_at=at("2026-11-03 03:40"), finished_at=None)
        assert self.go("2026-11-03 03:41") == []
        assert self.go("2026-11-03 09:39") == []
        # … but a run whose process is gone for hours does not stop the job for ever.
        assert self.go("2026-11-04 03:40") == ["dummy.forget_old_notes"]

    def test_two_clocks_do_not_begin_the_same_run(self):
        self.go("2026-11-02 14:00")
        run = JobRun.objects.get()
        with enable_plugin("dummy", self.site_pk):
            [(entry, site)] = list(jobs.places())
            now = at("2026-11-03 03:40")
            seen = jobs._row(entry.plugin, "forget_old_notes", site, now)
            JobRun.objects.filter(pk=run.pk).update(started_at=now)  # the other one was faster
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(jobs, "_row", lambda *args: seen)
                assert jobs._claim(entry, site, now) is None

    def test_a_run_that_was_cut_off_is_noted_and_made_up_for(self):
        self.go("2026-11-02 14:00")
        JobRun.objects.update(started_at=at("2026-11-03 03:40"), finished_at=None)
        assert jobs.forget_interrupted() == 1
        assert JobRun.objects.get().error == jobs.INTERRUPTED
        assert self.go("2026-11-03 03:50") == []
        assert self.go("2026-11-03 03:56") == ["dummy.forget_old_notes"]

    def test_a_clock_set_back_does_not_stop_it_for_as_long(self):
        self.go("2027-11-02 14:00")
        self.go("2026-11-02 14:00")
        assert self.go("2026-11-03 03:40") == ["dummy.forget_old_notes"]

    def test_the_plugins_page_shows_the_last_run_and_the_error(self):
        self.client.force_login(self.superuser())
        self.go("2026-11-02 14:00")
        page = self.page()
        self.assertContains(page, "每天夜间：删除一个月以前的记录。")
        self.assertNotContains(page, "RuntimeError at")
        self.error = RuntimeError()
        self.go("2026-11-03 03:40")
        page = self.page()
        self.assertContains(page, "RuntimeError at")

    def superuser(self):
        from django.contrib.auth import get_user_model

        return get_user_model().objects.create_superuser("root", "root@example.org", "x")

    def page(self):
        with enable_plugin("dummy", self.site_pk):
            return self.client.get(reverse("plugins:detail", args=["dummy"]))


class LateTest(PortalTestCase):
    def test_a_job_that_hangs_is_told(self):
        JobRun.objects.create(
            slug="dummy",
            name="forget_old_notes",
            site_id=self.site_pk,
            known_since=timezone.now() - datetime.timedelta(days=2),
            started_at=timezone.now() - datetime.timedelta(hours=2),
        )
        with enable_plugin("dummy", self.site_pk):
            assert health.plugin_jobs().detail == "running for long: dummy.forget_old_notes"
        with disable_plugin("dummy"):
            assert health.plugin_jobs().ok


@pytest.mark.django_db
def test_plugins_of_the_platform_run_once_without_a_site():
    ran = []
    job = ScheduledJob(label="tidy", work=ran.append, every=datetime.timedelta(minutes=1))
    plugin = metadata("tidy", level="platform", default_enabled=True, jobs=("tidy",))
    with registry.override(plugin), scheduled_jobs.temporarily(job, plugin="tidy", name="tidy"):
        run_due(at("2026-11-02 14:00"))
        run_due(at("2026-11-02 14:01"))
        run_due(at("2026-11-02 14:01"))
    assert ran == [None]


def test_the_clock_goes_on_when_the_jobs_cannot_even_be_read(monkeypatch):
    from portal.core.management.commands import run_clock

    stopped, calls = threading.Event(), []

    def broken():
        calls.append(1)
        if len(calls) == 2:
            stopped.set()
        raise RuntimeError

    monkeypatch.setattr(run_clock.jobs, "forget_interrupted", broken)
    monkeypatch.setattr(run_clock.schedule, "seconds_to_next_minute", lambda now: 0)
    monkeypatch.setattr(run_clock, "close_old_connections", lambda: None)
    monkeypatch.setattr(run_clock.connections, "close_all", lambda: None)
    run_clock.Command()._run_plugin_jobs(stopped)
    assert len(calls) == 2
