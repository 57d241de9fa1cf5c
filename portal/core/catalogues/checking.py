"""What can be wrong with a translation so that the reader, or the page, suffers."""

import re
from collections.abc import Iterator, Mapping

_NAMED = re.compile(r"%\((\w+)\)[#0\-+]*\d*(?:\.\d+)?[a-zA-Z]")
_POSITIONAL = re.compile(r"%[#0\-+]*\d*(?:\.\d+)?[sdifgrx]")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_BRACED = re.compile(r"(?<!\{)\{(\w+)(?:![rsa])?(?::[^{}]*)?\}(?!\})")


def placeholders(text: str) -> frozenset[str]:
    """Names that are filled in: ``%(name)s`` and ``{name}``; positional ones as their sequence."""
    bare = text.replace("%%", "")
    found = {f"%({name})" for name in _NAMED.findall(bare)}
    found |= {"{" + name + "}" for name in _BRACED.findall(bare)}
    if not found:
        found |= {
            f"{number}:{token}"
            for number, token in enumerate(_POSITIONAL.findall(_NAMED.sub("", bare)))
        }
    return frozenset(found)


class _Anything(Mapping[str, int]):
    """Has a value for every name."""

    def __getitem__(self, name: str) -> int:
        return 0

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def translation_problems(source: str, plural: str, translation: str) -> Iterator[str]:
    """Reasons why this translation must not go out.

    Args:
        source: the message, its singular form.
        plural: the plural form, or "".
        translation: one form of the translation.
    """
    allowed = placeholders(source) | placeholders(plural)
    # The singular may leave out the number ("one page"); what the plural has, Chinese needs too.
    required = placeholders(plural or source)
    given = placeholders(translation)
    if missing := required - given:
        yield f"lacks {_listed(missing)}"
    if unknown := given - allowed:
        yield f"has {_listed(unknown)}, which the message has not"
    if any(name.startswith("%(") for name in allowed):
        try:
            translation % _Anything()
        except (ValueError, TypeError) as error:
            yield f"cannot be filled in ({error}); a percent sign is written %% here"
    # Whose words are put together with markup: a lost tag breaks the page after it.
    tags = sorted(_TAG.findall(translation))
    if tags not in (sorted(_TAG.findall(text)) for text in (source, plural or source)):
        yield f"has the tags {' '.join(tags) or 'none'}, other than the message"
    for edge, begins in (("begin", str.startswith), ("end", str.endswith)):
        if begins(source, "\n") != begins(translation, "\n"):
            yield f"must {edge} with a line break exactly where the message does"


def message_problems(source: str, plural: str) -> Iterator[str]:
    """Reasons why a message cannot be translated well, whatever the translation."""
    for text in filter(None, (source, plural)):
        bare = _NAMED.sub("", text.replace("%%", ""))
        if len(_POSITIONAL.findall(bare)) > 1:
            yield "has more than one unnamed placeholder; other languages need another order"


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))
