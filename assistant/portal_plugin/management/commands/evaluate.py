import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assistant.evaluation.metrics import Outcome
from assistant.evaluation.moves import Direction
from assistant.evaluation.questions import read_questions
from assistant.evaluation.runner import report, run
from assistant.portal_plugin.exchange.reports import moves_of
from assistant.portal_plugin.index import compaction, embedding, serving
from assistant.portal_plugin.models import GoldenRun, IndexedEntry
from assistant.portal_plugin.services import golden
from assistant.portal_plugin.services.golden_moves import Preview
from assistant.portal_plugin.wording_of_moves import line_of
from assistant.retrieval.contract import Retriever

_MOST_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Asks the assistant's retrieval test questions and says how good the answers are. The "
        "file has one JSON object on each line: id, text, language, relevant (ids of entries; [] "
        "for what ought to be declined), kind (a free word). Missing vectors are made first; "
        "nothing else is stored."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "questions",
            type=Path,
            nargs="?",
            metavar="QUERIES.jsonl",
            help="left out with --golden",
        )
        parser.add_argument(
            "--golden",
            action="store_true",
            help="ask the golden questions that are kept in the portal instead, and compare with "
            "the last run that was kept: after a change of models or bounds. Exit code 1 where one "
            "that was right is wrong now",
        )
        parser.add_argument(
            "--keep",
            action="store_true",
            help="with --golden: keep this run as what later ones are compared with",
        )
        parser.add_argument(
            "--top",
            type=int,
            default=10,
            metavar="N",
            help="entries for each question",
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE.json", help="write figures and rankings to a file"
        )
        parser.add_argument(
            "--lexical", action="store_true", help="by words alone, as without any model"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["top"] < 1:
            raise CommandError("--top must be 1 or more", returncode=2)
        if options["golden"] == (options["questions"] is not None):
            raise CommandError("give a file of questions, or --golden", returncode=2)
        if options["keep"] and not options["golden"]:
            raise CommandError("--keep goes with --golden", returncode=2)
        self._check_report(options["report"])
        if options["golden"]:
            self._golden(options)
            return
        try:
            questions, refused = read_questions(options["questions"])
        except OSError as error:
            name = options["questions"]
            raise CommandError(f"{name}: {error.strerror}", returncode=2) from error
        outcomes = run(
            self._retriever(lexical=options["lexical"]),
            questions,
            top=options["top"],
            on_progress=self._progress("questions"),
        )
        found = report(_in_words_of_reports(outcomes))
        if options["report"] is not None:
            text = json.dumps(found, ensure_ascii=False, indent=1)
            options["report"].write_text(text + "\n", encoding="utf-8")
        for name, value in found["metrics"].items():
            self.stdout.write(f"{name:26} {'–' if value is None else value}")
        for line in refused[:_MOST_SHOWN]:
            self.stderr.write(str(line))
        if len(refused) > _MOST_SHOWN:
            self.stderr.write(f"… and {len(refused) - _MOST_SHOWN} more lines")
        if refused:
            sys.exit(1)

    def _check_report(self, path: Path | None) -> None:
        if path is not None and not path.absolute().parent.is_dir():
            raise CommandError(f"{path.parent}: no such folder", returncode=2)

    def _golden(self, options: dict[str, Any]) -> None:
        """The golden questions as they are answered now, beside the run that was kept last."""
        earlier = golden.baseline()
        retriever = self._retriever(lexical=options["lexical"])
        found = golden.measure(self._progress("golden questions"), retriever)
        moved = golden.moved_since(earlier, found) if earlier is not None else ()
        for one in moved[:_MOST_SHOWN]:
            self.stdout.write(f"{one.question.key}: {line_of(one)}")
        if len(moved) > _MOST_SHOWN:
            self.stdout.write(f"… and {len(moved) - _MOST_SHOWN} more")
        right = sum(stand.right for stand in found.values())
        kept = f"{earlier.began_at:%Y-%m-%d %H:%M}" if earlier is not None else "none"
        self.stdout.write(
            f"{right} of {len(found)} as they should be, {len(moved)} moved since the kept run "
            f"({kept})"
        )
        if options["report"] is not None:
            rows = {"asked": len(found), "right": right, "moves": moves_of(Preview(moved))}
            text = json.dumps(rows, ensure_ascii=False, indent=1)
            options["report"].write_text(text + "\n", encoding="utf-8")
        if options["keep"]:
            golden.keep(found, cause=GoldenRun.Cause.COMMAND)
        if any(one.move.direction is Direction.WORSE for one in moved):
            sys.exit(1)

    def _retriever(self, *, lexical: bool) -> Retriever:
        if lexical:
            return serving.lexical_retriever()
        if waiting := embedding.complete(self.stderr.write):
            self.stderr.write(f"{waiting} entries have no vectors: words alone find them.")
        compaction.complete(self.stderr.write)
        serving.warm_up()
        return serving.retriever()

    def _progress(self, what: str) -> Callable[[int, int], None]:
        told = time.monotonic()

        def say(done: int, total: int) -> None:
            nonlocal told
            if time.monotonic() - told > 5:
                told = time.monotonic()
                self.stderr.write(f"{done} / {total} {what}")

        return say


def _in_words_of_reports(outcomes: list[Outcome]) -> list[Outcome]:
    """Entries by the ids that they were imported with. A translation counts as its source, where
    the question names that one."""
    rows = IndexedEntry.objects.filter(live=True).values_list("page", "key", "group")
    keys = {str(page): key for page, key, _group in rows}
    groups = {str(page): str(group) for page, _key, group in rows}

    def named(page: str, relevant: tuple[str, ...]) -> str:
        own, source = keys.get(page, page), keys.get(groups.get(page, page), page)
        return source if own not in relevant and source in relevant else own

    return [
        replace(
            one,
            ranked=[(named(page, one.question.relevant), score) for page, score in one.ranked],
        )
        for one in outcomes
    ]
