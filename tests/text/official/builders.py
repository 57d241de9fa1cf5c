"""Sources and trees in the short form that tests read best."""

from portal.text.official.model import Parsed, Source, SourceLine
from portal.text.official.parsing import parse


def source(text: str) -> Source:
    return Source(tuple(SourceLine(line) for line in text.split("\n")), "txt")


def parsed(text: str) -> Parsed:
    return parse(source(text.strip("\n")))


def outline(document: Parsed) -> list[str]:
    """Each clause as "level number text", indented by its depth below the document."""
    depths: list[int] = []
    lines = []
    for clause in document.clauses:
        depth = 0 if clause.parent is None else depths[clause.parent] + 1
        depths.append(depth)
        words = " ".join(word for word in (clause.level, clause.number, clause.text) if word)
        lines.append("  " * depth + words)
    return lines


def codes(document: Parsed) -> set[str]:
    return {finding.code for finding in document.findings}
