"""``make test``: the suite on SQLite; on PostgreSQL every test that commits, and as many of the
others as make each statement once. ``make test-long``: what takes minutes each, marked ``long``.

Run with the project's environment. Other arguments than ``--long`` go to pytest
(``make test ARGS="tests/core -x"``), and then only SQLite is used, unless DATABASE_URL says
otherwise.
"""

import getpass
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

PROJECT = Path(__file__).resolve().parent.parent
LONG = "--long"
PROCESSES = str(max(2, min(os.cpu_count() or 2, 8)))
SPREAD = ("-n", PROCESSES, "--dist", "worksteal")
# Each file in one process: the portal and the pages that its tests share.
BY_FILE = ("-n", PROCESSES, "--dist", "loadfile")
SQLITE = {"DATABASE_URL": ""}
# pytest's closing line: "=== 3 failed, 240 passed, 1 warning in 61.20s (0:01:01) ==="
CLOSING = re.compile(r"\b(?:\d+ \w+,? )+in \d+\.\d+s|no tests ran in")


@dataclass(frozen=True)
class Outcome:
    """One run of the suite."""

    name: str
    code: int
    closing: str


def main(arguments: Sequence[str]) -> int:
    os.chdir(PROJECT)
    if arguments and arguments != [LONG]:
        return run_suite("Tests", arguments, {}).code
    if missing := missing_packages():
        say(
            f"The browser tests need packages that this machine has not: {missing}\n"
            f"Install them:  sudo apt-get install --no-install-recommends {missing}\n"
            "Without them:  make test ARGS=\"tests -m 'not e2e' -n 2\""
        )
        return 1
    compile_messages()
    install_browser_tools()
    url = postgresql_url()
    make_templates(url)
    run = run_long if arguments else run_short
    outcomes = run(url)
    say("\n=== result ===")
    for outcome in outcomes:
        say(f"{outcome.name}: {outcome.closing or f'pytest ended with code {outcome.code}'}")
    if not url:
        say(
            "PostgreSQL: not run, it does not answer here "
            "(TEST_DATABASE_URL=postgres://user:password@host/database names one)"
        )
    return 1 if any(outcome.code for outcome in outcomes) else 0


def run_short(url: str) -> list[Outcome]:
    """All but what takes minutes; what SQLite's run notes tells which tests PostgreSQL's needs."""
    record = PROJECT / "var" / "test_statements"
    shutil.rmtree(record, ignore_errors=True)
    recording = [f"--record-statements={record}"] if url else []
    outcomes = [
        run_suite("SQLite", [*SPREAD, *recording, "-m", "not e2e and not long"], SQLITE),
        run_suite("Browser", [*BY_FILE, "-m", "e2e and not long"], SQLITE),
    ]
    if url:
        # Another database tells statements apart, and what commits; hardly ever one of many values.
        fewer = ["--one-of-each", f"--each-statement={record}"]
        chosen = "database and not e2e and not one_database and not long"
        postgresql = {"DATABASE_URL": url}
        outcomes.append(run_suite("PostgreSQL", [*SPREAD, *fewer, "-m", chosen], postgresql))
    return outcomes


def run_long(url: str) -> list[Outcome]:
    """Walks through all pages, storms, killed processes, training: hardly changed by most work."""
    outcomes = [run_suite("Long, SQLite", [*BY_FILE, "-m", "long"], SQLITE)]
    if url:
        chosen = "long and database and not e2e and not one_database"
        postgresql = {"DATABASE_URL": url}
        outcomes.append(run_suite("Long, PostgreSQL", [*BY_FILE, "-m", chosen], postgresql))
    return outcomes


def missing_packages() -> str:
    done = subprocess.run(
        ["sh", "tools/missing-packages"], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def install_browser_tools() -> None:
    """axe and the HTML checker, from npm, once for each lock file."""
    folder = PROJECT / "tests" / "e2e"
    if (folder / "node_modules" / "vnu-jar").is_dir():
        return
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder)]
    subprocess.run(command, check=True)


def compile_messages() -> None:
    """Tests read Chinese: the catalogues must be compiled, as ``make run`` does."""
    command = [sys.executable, "-m", "portal", "compile_messages", "--verbosity", "0"]
    subprocess.run(command, check=True)


def make_templates(url: str) -> None:
    """What all test processes copy, made side by side: later one of them would make it while the
    others wait. One that fails is tried again, and told, by the first test that needs it."""
    wanted = [("database", ""), ("demo", "")] + ([("database", url)] if url else [])
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.templates", part],
            env={**os.environ, "DATABASE_URL": address},
        )
        for part, address in wanted
    ]
    for process in running:
        process.wait()


def run_suite(name: str, arguments: Sequence[str], environ: Mapping[str, str]) -> Outcome:
    """Run pytest with its output as it comes; the closing line is kept."""
    say(f"=== {name} ===")
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments],
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    assert process.stdout is not None
    closing = ""
    for line in process.stdout:
        sys.stdout.write(line)
        sys.stdout.flush()
        if CLOSING.search(line):
            closing = line.strip().strip("= ")
    return Outcome(name, process.wait(), closing)


# --- PostgreSQL -------------------------------------------------------------------------------
def postgresql_url() -> str:
    """The first server that answers and lets us create databases; "" when there is none."""
    return next(filter(may_create_databases, candidates()), "")


def candidates() -> Iterator[str]:
    if named := os.environ.get("TEST_DATABASE_URL", ""):
        yield named
        return
    for user in dict.fromkeys(("postgres", getpass.getuser())):
        yield f"postgres://{user}@127.0.0.1:5432/postgres"


def may_create_databases(url: str) -> bool:
    query = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            row = connection.execute(query).fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
