"""When Rasa is trained, how it is started, and what it is told and not told."""

import json
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assistant.portal_plugin.management.commands import train_rasa as command
from assistant.rasa_host import training
from assistant.rasa_host.places import Places, places, why_not
from assistant.rasa_host.process import contribute, kept_tokens
from assistant.rasa_host.training import TrainingFailed, fingerprint, is_current, train

pytestmark = pytest.mark.one_database
URL = "http://127.0.0.1:8000/"


@pytest.fixture
def where(tmp_path: Path) -> Places:
    return Places(tmp_path / "venv", tmp_path / "rasa")


def program(where: Places, body: str) -> None:
    """Stands in for Rasa's interpreter; it is called like it."""
    where.python.parent.mkdir(parents=True, exist_ok=True)
    where.python.write_text(f"#!{sys.executable}\nimport pathlib, sys\n{body}\n")
    where.python.chmod(0o755)


TRAINS = "pathlib.Path(sys.argv[3]).write_text(' '.join(sys.argv[4:]))"
FAILS = "sys.exit('the rules contradict each other')"


@pytest.fixture
def trained(where: Places) -> Places:
    program(where, TRAINS)
    assert train(where)
    return where


# --- training ---------------------------------------------------------------------------------
def test_a_model_is_made_once_and_used(trained: Places) -> None:
    assert trained.model.resolve().name == f"{fingerprint(trained.skills)}.tar.gz"
    assert is_current(trained)
    program(trained, FAILS)
    assert not train(trained)  # nothing has changed: nothing is run


def test_a_changed_skill_makes_another_model(trained: Places) -> None:
    old = trained.model.resolve()
    trained.skills.mkdir()
    (trained.skills / "nlu.yml").write_text("nlu: []\n")
    assert not is_current(trained)
    assert train(trained)
    assert trained.model.resolve() != old
    assert trained.model.read_text() == str(trained.skills)  # the skills were handed over


@pytest.mark.parametrize("source", [*training.SOURCES, "requirements.lock.txt"])
def test_every_source_counts(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = tmp_path / "files"
    for name in training.SOURCES:
        path = files / name
        path = path / "a.yml" if not path.suffix else path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    (files / "requirements.lock.txt").write_text("x")
    monkeypatch.setattr(training, "FILES", files)
    monkeypatch.setattr(training, "LOCK", files / "requirements.lock.txt")
    before = fingerprint(tmp_path / "skills")
    changed = files / source
    (changed / "a.yml" if changed.is_dir() else changed).write_text("y")
    assert fingerprint(tmp_path / "skills") != before


def test_a_training_that_fails_leaves_the_old_model_and_says_why(trained: Places) -> None:
    old = trained.model.resolve()
    program(trained, FAILS)
    trained.skills.mkdir()
    (trained.skills / "nlu.yml").write_text("broken")
    with pytest.raises(TrainingFailed, match="the rules contradict each other"):
        train(trained)
    assert trained.model.resolve() == old
    assert "the rules contradict" in (trained.state / "training.log").read_text()


def test_a_program_that_makes_no_model_has_failed(where: Places) -> None:
    program(where, "")
    with pytest.raises(TrainingFailed):
        train(where)
    assert not where.model.exists()


def test_models_that_nobody_goes_back_to_are_dropped(trained: Places) -> None:
    trained.skills.mkdir()
    for number in range(training.KEPT + 2):
        (trained.skills / "nlu.yml").write_text(str(number))
        train(trained)
    kept = {path.name for path in trained.models.iterdir()}
    assert len(kept) == training.KEPT + 1
    assert trained.model.resolve().name in kept


@pytest.fixture
def commanded(where: Places, monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.setattr(command, "places", lambda: where)
    return where


def test_the_command_trains_with_the_skills_of_plugins(
    commanded: Places, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def export(name: str, folder: str, **options: object) -> None:
        Path(folder, "nlu.yml").write_text("nlu: []\n")

    monkeypatch.setattr(command, "call_command", export)
    program(commanded, TRAINS)
    commanded.skills.mkdir(parents=True)
    (commanded.skills / "old.yml").write_text("of a plugin that is gone")
    call_command("train_rasa")
    assert "trained" in capsys.readouterr().out
    assert [path.name for path in commanded.skills.iterdir()] == ["nlu.yml"]
    assert not list(commanded.state.glob("skills-*"))
    call_command("train_rasa")
    assert "up to date" in capsys.readouterr().out


def test_the_command_says_what_to_install(commanded: Places) -> None:
    with pytest.raises(CommandError, match="sh tools/rasa"):
        call_command("train_rasa")


def test_the_command_passes_the_reason_on(commanded: Places) -> None:
    program(commanded, FAILS)
    with pytest.raises(CommandError, match="the rules contradict each other"):
        call_command("train_rasa")


# --- whether and how --------------------------------------------------------------------------
@pytest.mark.parametrize(
    "environ",
    [
        {"PORTAL_RASA": "off"},
        {"PORTAL_RASA": " 0 "},
        {"RASA_URL": "http://10.0.0.8:5005"},
        {"PORTAL_PLUGINS_DISABLED": "search, assistant"},
    ],
)
def test_there_is_none_where_none_is_wanted(environ: dict[str, str], trained: Places) -> None:
    assert why_not(environ)
    assert not contribute(environ | within(trained), URL).processes


def within(where: Places) -> dict[str, str]:
    return {
        "PORTAL_RASA_ENVIRONMENT": str(where.environment),
        "PORTAL_RASA_DIR": str(where.state),
    }


def test_there_is_none_before_environment_and_model_are_there(where: Places) -> None:
    assert not contribute(within(where), URL).processes
    program(where, TRAINS)
    assert not contribute(within(where), URL).processes
    train(where)
    assert contribute(within(where), URL).processes


def test_the_usual_places_are_beside_the_code_and_in_the_data_folder(tmp_path: Path) -> None:
    usual = places({"PORTAL_DATA_DIR": str(tmp_path)})
    assert usual.environment.name == ".venv-rasa"
    assert usual.state == tmp_path / "rasa"


def test_rasa_is_told_its_own_secrets_and_no_others(trained: Places) -> None:
    secret = {"DATABASE_URL": "postgres://portal:hunter2@db/portal", "PORTAL_SECRET_KEY": "s" * 50}
    contribution = contribute(secret | within(trained), URL)
    (row,) = contribution.processes
    assert row.apart
    assert not set(secret) & set(row.environment)
    assert row.environment["RASA_HOST"] == "127.0.0.1"
    for name in ("RASA_TOKEN", "RASA_CALLBACK_TOKEN"):
        assert row.environment[name] == contribution.environment[name]
        assert len(row.environment[name]) >= 32
    assert contribution.environment["RASA_URL"].endswith(":" + row.environment["RASA_PORT"])
    back = contribution.environment["RASA_CALLBACK_BIND"]
    assert row.environment["RASA_PORTAL_URL"] == f"http://{back}"
    assert contribution.environment["RASA_TOKEN"] != contribution.environment["RASA_CALLBACK_TOKEN"]


def test_what_the_administrator_says_comes_first(trained: Places) -> None:
    said = {"RASA_PORT": "5999", "RASA_TOKEN": "t" * 40, "RASA_CALLBACK_BIND": "127.0.0.1:5998"}
    contribution = contribute(said | within(trained), URL)
    (row,) = contribution.processes
    assert row.environment["RASA_PORT"] == "5999"
    assert row.environment["RASA_TOKEN"] == "t" * 40
    assert row.environment["RASA_PORTAL_URL"] == "http://127.0.0.1:5998"


def test_the_tokens_are_made_once_and_for_this_account_only(where: Places) -> None:
    first = kept_tokens(where)
    assert stat.S_IMODE(where.tokens.stat().st_mode) == 0o600
    assert kept_tokens(where) == first


@pytest.mark.parametrize("spoil", ["", "{", "[]", '{"RASA_TOKEN": "x"}'])
def test_damaged_tokens_are_made_anew(where: Places, spoil: str) -> None:
    kept_tokens(where)
    where.tokens.write_text(spoil)
    assert kept_tokens(where) == json.loads(where.tokens.read_text())
    assert stat.S_IMODE(where.tokens.stat().st_mode) == 0o600


def test_the_portals_own_list_of_processes_names_the_contributor() -> None:
    from importlib.metadata import entry_points

    loaded: list[Callable[..., object]] = [
        entry.load() for entry in entry_points(group="portal.processes") if entry.name == "rasa"
    ]
    assert loaded == [contribute]
