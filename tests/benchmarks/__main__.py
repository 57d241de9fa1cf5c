"""Command line of the benchmarks; ``make bench`` calls it."""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from . import browser, databases, report, stored
from .browser import BrowserFailed
from .loads import LoadFailed, run_load
from .measure import Target, interleaved
from .servers import ROOT, ServerFailed, hello_server, static_server
from .subject import Portal, PortalFailed

PARTS = ("references", "pages", "admin", "browser", "growth", "postgresql", "sqlite")
# Minutes long, so only where it is named.
NAMED_PARTS = ("foreign", "letters", "policies", "retrieval", "search", "store", "suggest")
POLICY_DOCUMENTS = 10_000
FEW_LETTERS = 1_000
CORE_PAGES = 1_000
# Of one knowledge base; the second only where SCALE allows it.
ANSWER_ENTRIES = (10_000, 100_000)
# Of them one is changed, and all are looked at.
STORED_PAGES = 10_000
# Searched in any case; a larger SCALE is measured beside it.
SEARCHED_DOCUMENTS = 100_000
TIMED_CHANGES = 80
BASE_ARTICLES = 100
SCALE_ARTICLES = 100_000
# The size of the static reference when no page was measured: that of the peers' comparison.
STATIC_BYTES = 30_720


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write; 0 also when a bar is missed (1 with ``--strict``)."""
    options = _options(arguments)
    machine = report.machine(options.seconds)
    sessions: list[report.Session] = []
    notes: list[str] = []
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        try:
            if options.only == {"references"}:
                sessions.append(_references(Path(name), options.seconds))
            for database in ("postgresql", "sqlite"):
                if database in options.only:
                    directory = Path(name) / database
                    directory.mkdir()
                    _measure_database(database, directory, options, sessions, notes)
        except (LoadFailed, ServerFailed, PortalFailed, BrowserFailed) as error:
            say(f"The run failed: {error}")
            return 1
    sessions = [session for session in sessions if session.has_figures]
    if not sessions:
        say("\n".join(["Nothing was measured.", *notes]))
        return 1
    judgements = report.judge(sessions)
    if machine["load_average_before"] > 0.5 * machine["cores"]:
        notes.append(
            f"The machine was not quiet (load average {machine['load_average_before']} at the"
            " start): differences under a fifth say nothing."
        )
    print(report.render(sessions, judgements, notes))
    report.write_json(options.output, sessions, judgements, machine)
    say(f"\nWritten to {options.output}")
    missed = [judgement for judgement in judgements if not judgement.passed]
    return 1 if missed and options.strict else 0


def say(line: str) -> None:
    """Progress; the table alone goes to standard output."""
    print(line, file=sys.stderr, flush=True)


def _references(directory: Path, seconds: float) -> report.Session:
    with (
        hello_server(directory) as hello,
        static_server(directory, STATIC_BYTES) as static,
    ):
        targets = [
            Target("hello", hello, "/"),
            Target("static file", static, "/page.html"),
        ]
        return report.Session(loads=interleaved(targets, seconds=seconds, say=say))


def _measure_database(
    vendor: str,
    directory: Path,
    options: argparse.Namespace,
    sessions: list[report.Session],
    notes: list[str],
) -> None:
    """One throwaway installation, with few and (where wanted) with many articles."""
    with ExitStack() as stack:
        try:
            database = stack.enter_context(
                databases.postgresql(keep=options.keep)
                if vendor == "postgresql"
                else databases.sqlite(directory)
            )
        except databases.NoDatabase as error:
            notes.append(f"Not measured. {error}")
            return
        portal = Portal.in_directory(directory, database)
        portal.prepare(say)
        if "browser" in options.only and not any(session.browser for session in sessions):
            sessions.append(_browser_session(portal, notes))
        if "policies" in options.only:
            documents = min(options.scale, POLICY_DOCUMENTS)
            say(f"{portal.database.version}: {documents:,} policy documents")
            figures = portal.import_policies(documents)
            sessions.append(report.Session(label=portal.database.version, policies=figures))
        if "letters" in options.only:
            say(f"{portal.database.version}: {FEW_LETTERS:,} and {options.scale:,} letters")
            figures = portal.ask_with_letters(FEW_LETTERS, max(options.scale, FEW_LETTERS))
            sessions.append(report.Session(label=portal.database.version, letters=figures))
        if "foreign" in options.only:
            pages = min(options.scale, CORE_PAGES)
            portal.fill(pages, say)
            say(f"{portal.database.version}: {pages:,} core pages in five languages")
            seen = portal.translate(pages)
            sessions.append(report.Session(label=portal.database.version, foreign=seen))
        if "retrieval" in options.only:
            entries = [number for number in ANSWER_ENTRIES if number <= options.scale]
            say(f"{portal.database.version}: answers among {max(entries):,} entries")
            found = portal.find_answers(*entries)
            sessions.append(report.Session(label=portal.database.version, retrieval=found))
        if "search" in options.only:
            numbers = sorted({min(options.scale, SEARCHED_DOCUMENTS), options.scale})
            portal.fill(min(options.scale, CORE_PAGES), say)
            say(f"{portal.database.version}: search among {max(numbers):,} documents")
            # First, while the documents are those of pages.
            freshness = portal.time_changes(TIMED_CHANGES)
            figures = {**portal.search_documents(*numbers), "freshness": freshness}
            sessions.append(report.Session(label=portal.database.version, search=figures))
        if "suggest" in options.only:
            number = min(options.scale, SEARCHED_DOCUMENTS)
            say(f"{portal.database.version}: suggestions among {number:,} titles")
            asked = portal.suggest_names(number)
            sessions.append(report.Session(label=portal.database.version, suggest=asked))
        if "store" in options.only:
            sessions.append(_store_session(portal, directory, options.seconds, notes))
            pages = min(options.scale, STORED_PAGES)
            portal.fill(pages, say)
            say(f"{portal.database.version}: one change among {pages:,} stored pages")
            sessions[-1].exact = portal.publish_among(pages)
        if not options.only & {"pages", "admin"}:
            return
        counts = [BASE_ARTICLES]
        if "growth" in options.only and options.scale > BASE_ARTICLES:
            counts.append(options.scale)
        sessions.extend(_session(portal, count, directory, options) for count in counts)
        if options.keep:
            notes.append(f"Kept: {database.url}")


def _browser_session(portal: Portal, notes: list[str]) -> report.Session:
    """The demo city as it is loaded, seen by a slow phone."""
    session = report.Session(label=f"{portal.database.version}, demo city, slow phone")
    seen = portal.inspect("typing")
    addresses: dict[str, str] = seen["addresses"]
    executable = shutil.which("chromium") or shutil.which("chromium-headless-shell")
    with portal.serve(addresses["home"]) as server:
        try:
            session.browser = browser.measure(server.port, addresses, executable, say)
        except browser.NoBrowser as error:
            notes.append(str(error))
            return session
    with portal.serve(addresses["home"], https=False) as server:
        session.typing = browser.measure_typing(server.port, seen["typing"], executable, say)
    return session


def _store_session(
    portal: Portal, directory: Path, seconds: float, notes: list[str]
) -> report.Session:
    """An article as it lies in the store, and as many bytes sent by others."""
    label = f"{portal.database.version}, stored pages"
    session = report.Session(label=label, is_store=True)
    portal.fill(BASE_ARTICLES, say)
    seen = portal.inspect("public")
    path, size = seen["addresses"]["article"], int(seen["public"]["article"]["bytes"])
    data = portal.directory / "data"
    with ExitStack() as stack:
        server = stack.enter_context(portal.serve("/healthz", store=True))
        stored.follow(server)
        run_load(server.port, path, seconds=1, limit=20)
        if not stored.is_stored(data, path):
            notes.append(f"Not measured: {path} is not in the store.")
            return session
        targets = [
            Target("hello", stack.enter_context(hello_server(directory)), "/"),
            Target(
                "static file", stack.enter_context(static_server(directory, size)), "/page.html"
            ),
            Target("stored page", server, path),
        ]
        if stored.has_nginx():
            front = stack.enter_context(stored.nginx(directory / "nginx", data, server, size))
            targets += [
                Target("nginx, static file", front, "/static/page.html"),
                Target("nginx, stored page", front, path),
            ]
        else:
            notes.append("nginx is not installed: what it sends was not measured.")
        session.loads = interleaved(targets, seconds=seconds, say=say)
    return session


def _session(
    portal: Portal, articles: int, directory: Path, options: argparse.Namespace
) -> report.Session:
    session = report.Session(label=portal.database.version, articles=articles)
    session.fill_seconds = portal.fill(articles, say)
    parts = [part for part, wanted in (("public", "pages"), ("admin", "admin"))
             if wanted in options.only]  # fmt: skip
    seen = portal.inspect(*parts)
    session.public, session.admin = seen.get("public", {}), seen.get("admin", {})
    session.scan_ms = seen.get("scan_ms")
    addresses: dict[str, str] = seen["addresses"] if "pages" in options.only else {}
    size = int(session.public["article"]["bytes"]) if addresses else STATIC_BYTES
    with ExitStack() as stack:
        hello = stack.enter_context(hello_server(directory))
        static = stack.enter_context(static_server(directory, size))
        targets = [
            Target("hello", hello, "/"),
            Target("static file", static, "/page.html"),
        ]
        if addresses:
            server = stack.enter_context(portal.serve(addresses["home"]))
            targets += [
                Target(key, server, path, portal.database) for key, path in addresses.items()
            ]
        session.loads = interleaved(targets, seconds=options.seconds, say=say)
    return session


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make bench",
        description="Measure the portal against a hello-world view on this machine.",
        epilog="Each option can be given in the environment too (ONLY=, SCALE=, DURATION=).",
    )
    parser.add_argument(
        "--only",
        type=_parts,
        default=os.environ.get("ONLY") or ",".join(PARTS),
        metavar="PARTS",
        help=f"parts to run, separated by commas: {', '.join(PARTS + NAMED_PARTS)}; both databases unless named",
    )
    parser.add_argument(
        "--scale",
        type=_number(int, 1),
        default=os.environ.get("SCALE") or str(SCALE_ARTICLES),
        metavar="N",
        help=f"articles of the growth run (default {SCALE_ARTICLES:,})",
    )
    parser.add_argument(
        "--seconds",
        type=_number(float, 0.5),
        default=os.environ.get("DURATION") or "4",
        metavar="S",
        help="length of each load (default 4)",
    )
    parser.add_argument("--keep", action="store_true", help="keep the PostgreSQL database")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a bar is missed")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "var" / "bench.json", metavar="FILE",
        help="where the figures go (default var/bench.json)",
    )  # fmt: skip
    return parser.parse_args(arguments)


def _parts(text: str) -> set[str]:
    """The parts named; what is measured and where are chosen apart, and each defaults to all."""
    parts = {word.strip() for word in text.split(",") if word.strip()}
    unknown = sorted(parts - set(PARTS + NAMED_PARTS))
    if unknown or not parts:
        raise argparse.ArgumentTypeError(
            f"{', '.join(unknown) or 'nothing'} is not a part; parts are {', '.join(PARTS + NAMED_PARTS)}"
        )
    if parts == {"references"}:
        return parts
    if not parts & {"postgresql", "sqlite"}:
        parts |= {"postgresql", "sqlite"}
    if not parts & {"pages", "admin", "browser", *NAMED_PARTS}:
        parts |= {"pages", "admin"}
    return parts


def _number[Number: (int, float)](
    kind: Callable[[str], Number], least: Number
) -> Callable[[str], Number]:
    def parse(text: str) -> Number:
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or value < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number of at least {least}")
        return value

    return parse


if __name__ == "__main__":
    sys.exit(main())
