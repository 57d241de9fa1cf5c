"""Finds the translatable messages of Python code and Django templates.

Python is read as a syntax tree, so implicit joining of strings, line breaks and nested calls need
no rules of their own, and a message that can never be found in a catalogue (an f-string, a sum) is
told with its line. Templates go through Django's ``templatize``, which knows every form of its own
tags; the calls that it writes are then picked out of its output.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

TEMPLATE_SUFFIXES = frozenset({".html", ".txt", ".xml", ".svg"})
SKIPPED_FOLDERS = frozenset({"migrations", "tests", "static", "__pycache__", "node_modules"})

# Positions of (context, singular, plural) among the arguments; None where there is none.
type Positions = tuple[int | None, int, int | None]
_SIMPLE: Positions = (None, 0, None)
FUNCTIONS: dict[str, Positions] = {
    "_": _SIMPLE,
    "gettext": _SIMPLE,
    "gettext_lazy": _SIMPLE,
    "gettext_noop": _SIMPLE,
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}


@dataclass(frozen=True, slots=True, order=True)
class MessageKey:
    """What a message is looked up by."""

    singular: str
    plural: str = ""
    context: str = ""


@dataclass(slots=True)
class Extracted:
    """Messages with the places that use them, and what could not be understood."""

    messages: dict[MessageKey, list[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def add(self, key: MessageKey, place: str) -> None:
        places = self.messages.setdefault(key, [])
        if place not in places:
            places.append(place)


def extract(root: Path, folders: Iterable[str]) -> Extracted:
    """All messages of the folders under ``root``; places are relative to it."""
    found = Extracted()
    for folder in folders:
        for path in source_files(root / folder):
            place = path.relative_to(root).as_posix()
            text = path.read_text(encoding="utf-8")
            reader = from_python if path.suffix == ".py" else from_template
            try:
                for key in reader(text, place, found.problems):
                    found.add(key, place)
            except SyntaxError as error:
                found.problems.append(f"{place}: cannot be read: {error}")
    _join_plurals(found)
    return found


def _join_plurals(found: Extracted) -> None:
    """One entry for a message used with and without a plural: catalogues look up the singular."""
    with_plural: dict[tuple[str, str], MessageKey] = {}
    for key in sorted(found.messages):
        if not key.plural:
            continue
        other = with_plural.setdefault((key.singular, key.context), key)
        if other is not key:
            found.problems.append(
                f"{found.messages[key][0]}: {key.singular!r} has two plurals, "
                f"{other.plural!r} and {key.plural!r}"
            )
    for (singular, context), key in with_plural.items():
        for place in found.messages.pop(MessageKey(singular, "", context), []):
            found.add(key, place)


def source_files(folder: Path) -> Iterator[Path]:
    """Python files, and those files of ``templates`` folders that hold text; in a stable order."""
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder).parts[:-1]
        if not path.is_file() or SKIPPED_FOLDERS.intersection(inner):
            continue
        if path.suffix == ".py" or ("templates" in inner and path.suffix in TEMPLATE_SUFFIXES):
            yield path


def from_python(text: str, place: str, problems: list[str]) -> Iterator[MessageKey]:
    """The messages of a module.

    Raises:
        SyntaxError: it is not Python.
    """
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        positions = FUNCTIONS.get(_function_name(node.func))
        if positions is None:
            continue
        key = _key(node.args, positions)
        if key is not None:
            yield key
        elif any(map(_is_composed, node.args)):
            problems.append(
                f"{place}:{node.lineno}: a message must be one literal; use named placeholders"
            )


def _function_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _key(arguments: list[ast.expr], positions: Positions) -> MessageKey | None:
    def literal(position: int | None) -> str | None:
        if position is None:
            return ""
        node = arguments[position] if position < len(arguments) else None
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        return None

    context, singular, plural = map(literal, positions)
    if context is None or plural is None or not singular:
        return None
    return MessageKey(singular, plural, context)


def _is_composed(node: ast.expr) -> bool:
    """A literal put together at run time: f-string, sum, ``%`` or ``.format()`` inside the call."""
    match node:
        case ast.JoinedStr():
            return True
        case ast.BinOp(left=left, right=right):
            return any(isinstance(side, ast.Constant | ast.BinOp) for side in (left, right))
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="format")):
            return True
        case _:
            return False


_LITERAL = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(
    rf"(?<![\w.])(_|n?p?gettext)\(\s*{_LITERAL}(?:,\s*{_LITERAL})?(?:,\s*{_LITERAL})?"
)


def from_template(text: str, place: str, problems: list[str]) -> Iterator[MessageKey]:
    """The messages of a Django template.

    Raises:
        SyntaxError: a translation block holds another tag.
    """
    for call in _CALL.finditer(templatize(text, place)):
        name, *literals = call.groups()
        texts = [ast.literal_eval(literal) for literal in literals if literal]
        if name == "_":
            # Django's own rule for constants in tags and filters: the percent sign is kept.
            texts = [texts[0].replace("%", "%%")]
        context, singular, plural = FUNCTIONS[name]
        if len(texts) > max(position for position in FUNCTIONS[name] if position is not None):
            yield MessageKey(
                texts[singular],
                "" if plural is None else texts[plural],
                "" if context is None else texts[context],
            )
        else:
            problems.append(f"{place}: {call[0]!r} cannot be read")
