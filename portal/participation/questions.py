"""The questions of a survey as plain values: which are asked, what is a proper answer.

No database. A condition names an earlier question by its number and one of its options in words.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

LONGEST_TEXT = 2_000
_CONDITION = re.compile(r"^\s*(\d{1,3})\s*[=＝]\s*(.+?)\s*$")
type Answers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Condition:
    """Asked only of those who chose ``option`` at ``question`` (ids)."""

    question: str
    option: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``section`` is the title above it, of the first one below a section only."""

    id: str
    number: int
    kind: str
    text: str
    help: str = ""
    is_required: bool = False
    options: tuple[Option, ...] = ()
    rows: tuple[Option, ...] = ()
    least: int | None = None
    most: int | None = None
    low: str = ""
    high: str = ""
    section: str = ""
    section_text: str = ""
    condition: Condition | None = None
    condition_text: str = ""

    @property
    def name(self) -> str:
        return f"q-{self.id}"

    def is_asked(self, answers: Mapping[str, Any]) -> bool:
        """Whether somebody with these answers to earlier questions is asked it."""
        if self.condition is None:
            return True
        given = answers.get(self.condition.question)
        if isinstance(given, list):
            return self.condition.option in given
        return bool(given == self.condition.option)


def questions_of(stream: Any) -> list[Question]:
    """The questions of a page's field, with conditions resolved where that can be done."""
    found: list[Question] = []
    section = section_text = ""
    for block in stream:
        value = block.value
        if block.block_type == "section":
            section, section_text = value["title"], value.get("text") or ""
            continue
        condition_text = (value.get("show_if") or "").strip()
        kind = block.block_type
        found.append(
            Question(
                id=str(block.id),
                number=len(found) + 1,
                kind=kind,
                text=value["text"],
                help=value.get("help") or "",
                is_required=bool(value.get("required")),
                options=_scale(value) if kind == "scale" else _options(value.get("options")),
                rows=_options(value.get("rows")),
                least=value.get("least"),
                most=value.get("most"),
                low=value.get("low") or "",
                high=value.get("high") or "",
                section=section,
                section_text=section_text,
                condition=_condition(condition_text, found),
                condition_text=condition_text,
            )
        )
        section = section_text = ""
    return found


def _scale(value: Any) -> tuple[Option, ...]:
    return tuple(Option(str(step), str(step)) for step in range(1, int(value["steps"]) + 1))


def _options(items: Any) -> tuple[Option, ...]:
    if items is None:
        return ()
    return tuple(Option(str(item.id), item.value) for item in items.bound_blocks)


def _condition(text: str, before: Sequence[Question]) -> Condition | None:
    match = _CONDITION.match(text)
    if match is None:
        return None
    number = int(match[1])
    if not 0 < number <= len(before):
        return None
    named = before[number - 1]
    option = next((o for o in named.options if o.text == match[2]), None)
    return Condition(named.id, option.id) if option is not None else None


def faults_of(questions: Sequence[Question]) -> list[str]:
    """What an editor has to mend before the survey can be answered."""
    faults = []
    for question in questions:
        names = {"number": question.number}
        if question.condition_text and question.condition is None:
            faults.append(
                _("Question %(number)d: its condition names no option of an earlier question.")
                % names
            )
        if len({option.text for option in question.options}) < len(question.options):
            faults.append(_("Question %(number)d has the same option twice.") % names)
        if question.kind == "multiple" and (question.least or 0) > len(question.options):
            faults.append(_("Question %(number)d asks for more options than there are.") % names)
        if (
            question.kind == "number"
            and question.least is not None
            and question.most is not None
            and question.least > question.most
        ):
            faults.append(_("Question %(number)d: the least is more than the most.") % names)
    return faults


def steps_of(questions: Sequence[Question]) -> list[list[Question]]:
    """The questions in pages: each section, and what depends on an answer of the same page, begins
    a new one. So conditions work without a script."""
    steps: list[list[Question]] = []
    for question in questions:
        here = {other.id for other in steps[-1]} if steps else set()
        depends = question.condition is not None and question.condition.question in here
        if not steps or question.section or depends:
            steps.append([])
        steps[-1].append(question)
    return steps


# --- answers --------------------------------------------------------------------------------------
def read_answers(questions: Sequence[Question], data: Any) -> tuple[Answers, dict[str, str]]:
    """What was posted, checked: (answers by question, error by question).

    Args:
        data: a ``QueryDict``, or anything else with ``getlist`` and ``get``.

    Of a question that is not asked nothing is taken, whatever was posted.
    """
    answers: Answers = {}
    errors: dict[str, str] = {}
    for question in questions:
        if not question.is_asked(answers):
            continue
        try:
            given = _READERS[question.kind](question, data)
        except ValueError as error:
            errors[question.id] = str(error)
            continue
        if given in (None, "", [], {}):
            if question.is_required:
                errors[question.id] = _("Please answer this question.")
            continue
        answers[question.id] = given
    return answers, errors


def _single(question: Question, data: Any) -> Any:
    given = data.get(question.name, "")
    if given and given not in {option.id for option in question.options}:
        raise ValueError(_("Please choose one of the options."))
    return given


def _multiple(question: Question, data: Any) -> Any:
    given = list(dict.fromkeys(value for value in data.getlist(question.name) if value))
    if not set(given) <= {option.id for option in question.options}:
        raise ValueError(_("Please choose one of the options."))
    if given and question.least and len(given) < question.least:
        raise ValueError(_("Please choose at least %(count)d.") % {"count": question.least})
    if question.most and len(given) > question.most:
        raise ValueError(_("Please choose at most %(count)d.") % {"count": question.most})
    return given


def _matrix(question: Question, data: Any) -> Any:
    allowed = {option.id for option in question.options}
    given = {}
    for row in question.rows:
        value = data.get(f"{question.name}-{row.id}", "")
        if value and value not in allowed:
            raise ValueError(_("Please choose one of the options."))
        if value:
            given[row.id] = value
    if question.is_required and len(given) < len(question.rows):
        raise ValueError(_("Please choose something in each row."))
    return given


def _text(question: Question, data: Any) -> Any:
    given = data.get(question.name, "").replace("\x00", "").strip()
    if len(given) > LONGEST_TEXT:
        raise ValueError(
            _("Please write at most %(most)d characters; it is %(count)d now.")
            % {"most": LONGEST_TEXT, "count": len(given)}
        )
    return given


def _number(question: Question, data: Any) -> Any:
    given = data.get(question.name, "").strip()
    if not given:
        return ""
    if not re.fullmatch(r"-?[0-9]{1,9}", given):
        raise ValueError(_("Please write a whole number in digits."))
    number = int(given)
    if question.least is not None and number < question.least:
        raise ValueError(_("The number is at least %(least)d.") % {"least": question.least})
    if question.most is not None and number > question.most:
        raise ValueError(_("The number is at most %(most)d.") % {"most": question.most})
    return number


_READERS = {
    "single": _single, "scale": _single, "multiple": _multiple, "matrix": _matrix,
    "text": _text, "number": _number,
}  # fmt: skip


def tallied(answers: Mapping[str, Any], questions: Sequence[Question]) -> Iterator[tuple[str, str]]:
    """The (question, option) pairs that a sheet adds one to; option "" for who answered at all."""
    for question in questions:
        given = answers.get(question.id)
        if given is None:
            continue
        yield question.id, ""
        if question.kind == "matrix":
            for row, option in given.items():
                yield f"{question.id}/{row}", option
        elif isinstance(given, list):
            for option in given:
                yield question.id, option
        elif question.kind != "text":
            yield question.id, str(given)


def words_of(question: Question, given: Any) -> str:
    """An answer in words, for exports."""
    names = {option.id: option.text for option in question.options}
    if question.kind == "matrix":
        rows = {row.id: row.text for row in question.rows}
        return "; ".join(f"{rows.get(r, r)}: {names.get(o, o)}" for r, o in given.items())
    if isinstance(given, list):
        return "; ".join(names.get(key, str(key)) for key in given)
    return names.get(str(given), str(given))
