"""Which messages a visitor can meet: those that every public language must have.

A message is public by where it is written: in a template outside the admin's folders, or in one of
the Python places below. A place is a module, or a class or function of it (``module.py::Name``)
where a module also holds what only editors read.
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from .extraction import TEMPLATE_SUFFIXES, Extracted, from_python

# Catalogues that hold the public messages, all of them translated, and nothing else.
PUBLIC_LANGUAGES = ("ar", "fr", "ru")
# Languages of the admin besides Chinese and English: their catalogues hold every message, all of
# them translated, so that a translator can work in the language of the section.
STAFF_LANGUAGES = ("ja", "ko")

# Templates that visitors never get: the admin's, the plugin manager's, the style guide.
_HIDDEN_FOLDERS = frozenset({"admin", "plugins", "style_guide", "wagtailadmin"})

PUBLIC_PYTHON = (
    "assistant/portal_plugin/answering",
    "assistant/portal_plugin/browse_views.py",
    "assistant/portal_plugin/flows",
    "assistant/portal_plugin/models/conversations.py::FeedbackReason",
    "assistant/portal_plugin/models/knowledge.py::Audience",
    "assistant/portal_plugin/services/recall.py",
    "assistant/portal_plugin/widget_texts.py",
    "assistant/portal_plugin/widget_views.py",
    "portal/core/clocks/wording.py",
    "portal/core/context.py",
    "portal/core/messages.py",
    "portal/core/models/modes.py::Level",
    "portal/core/models/publications.py::Standing",
    "portal/core/outage.py",
    "portal/core/preferences.py",
    "portal/feeds/filters.py",
    "portal/feeds/views.py",
    "portal/evidence/api.py",
    "portal/evidence/models.py::Action",
    "portal/evidence/views.py",
    "portal/foreign/letter_form.py",
    "portal/foreign/letter_slots.py",
    "portal/foreign/letter_views.py",
    "portal/foreign/models/sections.py::TeamRole",
    "portal/foreign/models/states.py::MadeBy",
    "portal/foreign/selectors/trust.py",
    "portal/interaction/capabilities.py",
    "portal/interaction/comments/forms.py::CommentForm",
    "portal/interaction/comments/services.py::take",
    "portal/interaction/comments/views_public.py",
    "portal/interaction/components_public.py",
    "portal/interaction/forms_public.py",
    "portal/interaction/models/letters.py::ErrorKind",
    "portal/interaction/models/letters.py::LetterKind",
    "portal/interaction/models/letters.py::LetterState",
    "portal/interaction/search_source.py",
    "portal/interaction/selectors/kinds.py",
    "portal/interaction/services/intake.py",
    "portal/interaction/services/notices.py",
    "portal/interaction/services/writers.py",
    "portal/interaction/uploads.py",
    "portal/interaction/views_public_ledger.py",
    "portal/interaction/views_public_status.py",
    "portal/interaction/views_public_write.py",
    "portal/library/api.py",
    "portal/pages/search_cards.py",
    "portal/pages/sections/lists.py",
    "portal/participation/api.py",
    "portal/participation/forms.py",
    "portal/participation/guards.py",
    "portal/participation/models/interviews.py::State",
    "portal/participation/models/records.py::ActivityKind",
    "portal/participation/models/records.py::Stage",
    "portal/participation/models/solicitations.py::Verdict",
    "portal/participation/questions.py",
    "portal/participation/selectors/hub.py",
    "portal/participation/selectors/interviews.py",
    "portal/participation/selectors/open_data.py",
    "portal/participation/selectors/solicitations.py",
    "portal/participation/selectors/surveys.py",
    "portal/participation/services/surveys.py",
    "portal/participation/views",
    "portal/interaction/api.py",
    "portal/interaction/comments/forms.py::CommentForm",
    "portal/interaction/comments/slots.py",
    "portal/interaction/comments/views_public.py",
    "portal/interaction/components_public.py",
    "portal/interaction/forms_public.py",
    "portal/interaction/models/letters.py::ErrorKind",
    "portal/interaction/models/letters.py::LetterKind",
    "portal/interaction/models/letters.py::LetterState",
    "portal/interaction/search_source.py",
    "portal/interaction/selectors/kinds.py",
    "portal/interaction/selectors/similar.py",
    "portal/interaction/selectors/standing.py",
    "portal/interaction/services/intake.py",
    "portal/interaction/services/notices.py",
    "portal/interaction/services/writers.py::follow_up",
    "portal/interaction/services/writers.py::rate",
    "portal/interaction/services/writers.py::withdraw",
    "portal/interaction/slots.py",
    "portal/interaction/upload_handler.py",
    "portal/interaction/uploads.py",
    "portal/interaction/views_public_ledger.py",
    "portal/interaction/views_public_status.py",
    "portal/interaction/views_public_write.py",
    "portal/library/api.py",
    "portal/policy_interpretation/comparison_docx.py",
    "portal/policy_interpretation/comparison_views.py",
    "portal/policy_interpretation/days.py",
    "portal/policy_interpretation/disclosure_exports.py",
    "portal/policy_interpretation/feeds.py",
    "portal/policy_interpretation/filters.py",
    "portal/policy_interpretation/library_search.py",
    "portal/policy_interpretation/lists.py",
    "portal/policy_interpretation/models/documents.py::BodyLevel",
    "portal/policy_interpretation/models/documents.py::Disclosure",
    "portal/policy_interpretation/models/effects.py::EffectKind",
    "portal/policy_interpretation/models/products.py::AuthorKind",
    "portal/policy_interpretation/models/products.py::ProductForm",
    "portal/policy_interpretation/models/relations.py::REVERSE_LABELS",
    "portal/policy_interpretation/models/relations.py::RelationKind",
    "portal/policy_interpretation/models/responses.py::Verdict",
    "portal/policy_interpretation/picture",
    "portal/policy_interpretation/product_blocks.py::PART_KINDS",
    "portal/policy_interpretation/product_views.py",
    "portal/policy_interpretation/search_cards.py",
    "portal/policy_interpretation/selectors/catalogue.py",
    "portal/policy_interpretation/selectors/comparison.py",
    "portal/policy_interpretation/selectors/facts.py",
    "portal/policy_interpretation/selectors/history.py",
    "portal/policy_interpretation/selectors/library.py",
    "portal/policy_interpretation/selectors/pictures.py",
    "portal/policy_interpretation/selectors/product_list.py",
    "portal/policy_interpretation/slots.py",
    "portal/policy_interpretation/validity.py",
    "portal/search/api.py",
    "portal/search/feeds.py",
    "portal/search/kinds.py",
    "portal/search/narrowing.py",
    "portal/search/opensearch.py",
    "portal/search/results.py",
    "portal/search/views.py",
    "portal/services/api.py",
    "portal/services/capabilities.py",
    "portal/services/cards.py",
    "portal/services/entrance_menu.py",
    "portal/services/entrance_views.py",
    "portal/services/models/guide_parts.py::MaterialForm",
    "portal/services/models/guide_parts.py::Necessity",
    "portal/services/models/guides.py::ExerciseLevel",
    "portal/services/models/guides.py::HandlingKind",
    "portal/services/models/guides.py::ServedPerson",
    "portal/services/opening_hours.py::WEEKDAYS",
    "portal/services/opening_hours.py::days_text",
    "portal/services/platforms_views.py",
    "portal/services/ratings.py",
    "portal/services/ratings_views.py",
    "portal/services/search_cards.py",
    "portal/services/selectors/basis.py::shown_basis",
    "portal/services/selectors/hours.py",
    "portal/services/selectors/lists.py",
    "portal/visits/lists.py",
)


def public_messages(
    root: Path, found: Extracted, places: Iterable[str] = PUBLIC_PYTHON
) -> Extracted:
    """The public ones of the messages ``found`` under ``root``, with their public places.

    Places that name nothing are among the problems of the result: a module that was moved must not
    take its messages out of the languages unnoticed.
    """
    public = Extracted()
    whole, parts = _divided(root, places, public.problems)
    for key, used in found.messages.items():
        for place in used:
            pairs = parts.get(place, ())
            if place in whole or (key.singular, key.context) in pairs or _is_public_template(place):
                public.add(key, place)
    return public


def _is_public_template(place: str) -> bool:
    path = Path(place)
    return (
        path.suffix in TEMPLATE_SUFFIXES
        and "templates" in path.parts
        and not _HIDDEN_FOLDERS.intersection(path.parts)
    )


def _divided(
    root: Path, places: Iterable[str], problems: list[str]
) -> tuple[set[str], dict[str, set[tuple[str, str]]]]:
    """Whole modules, and (singular, context) of the messages in parts of modules."""
    whole: set[str] = set()
    parts: dict[str, set[tuple[str, str]]] = {}
    for place in places:
        name, _, part = place.partition("::")
        path = root / name
        if not path.exists():
            problems.append(f"{name}: there is no such public module")
        elif path.is_dir():
            whole |= {file.relative_to(root).as_posix() for file in path.rglob("*.py")}
        elif not part:
            whole.add(name)
        else:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            definitions = list(_definitions(tree, part))
            if not definitions:
                problems.append(f"{name}: there is no {part}")
            parts.setdefault(name, set()).update(
                (key.singular, key.context)
                for node in definitions
                for key in from_python(ast.unparse(node), name, [])
            )
    return whole, parts


def _definitions(tree: ast.Module, name: str) -> Iterator[ast.stmt]:
    """Classes, functions and constants of that name, nested ones too."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=given) | ast.FunctionDef(name=given) if given == name:
                yield node
            case ast.Assign(targets=[ast.Name(id=given)]) if given == name:
                yield node
            case ast.AnnAssign(target=ast.Name(id=given)) if given == name:
                yield node
