"""What the assistant itself says, in the active language. Approved answers never pass here."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assistant.dialogue.statuses import Words

TEXTS: dict[Words, Promise] = {
    Words.ANSWERED: _("This is the approved answer."),
    Words.CLARIFY: _("I am not sure which of these you mean. Choose the one that fits."),
    Words.OUT_OF_SCOPE: _(
        "I can only help with matters of the city government and its services. For this one I have "
        "nothing to offer."
    ),
    Words.NO_SOURCE: _(
        "I found no approved answer to this, and I do not make one up. Say it in other words, look "
        "at the topics below, or ask a person."
    ),
    Words.NOT_YET_THEN: _("There was no approved answer to this in force on that day."),
    Words.HANDED_OVER: _("A person will gladly help you. This is how to reach one."),
    Words.GREETING: _(
        "Hello! Ask me about services, rules and everyday matters of the city. I answer with "
        "approved texts only, and show where each comes from."
    ),
    Words.THANKS: _("You are welcome. Ask again whenever you like."),
    Words.GOODBYE: _("Goodbye, and all the best."),
    Words.ABILITIES: _(
        "I am a program that looks for the approved answer to your question: residence, social "
        "insurance, medical care, schools, housing, business, taxes and more. I show the source of "
        "each answer and whether it is in force. Where I find none, I say so and tell you whom to "
        "ask. A question in your own words is best, one at a time."
    ),
    Words.EMPTY: _(
        "I could not read a question in this. Write in a few words what you want to know."
    ),
    Words.IDENTITY_NUMBER: _(
        "Your message holds an identity number. I have not kept it and do not need it: for your "
        "protection, ask again without it. Your question stands in the field below."
    ),
    Words.BANK_CARD: _(
        "Your message holds the number of a bank card. I have not kept it and do not need it: for "
        "your protection, ask again without it. Your question stands in the field below."
    ),
    Words.INJECTION: _(
        "This reads like an instruction to a program. I only look up approved answers, so it has "
        "no effect. If you have a question about the city's services, ask it in plain words."
    ),
    Words.RATE_LIMITED: _(
        "There are very many questions just now. Wait a moment and ask again; your question stands "
        "in the field below."
    ),
    Words.UNAVAILABLE: _(
        "Answers are not available at the moment. Nothing of yours is lost: try again in a few "
        "minutes, or call."
    ),
    Words.TOO_LONG: _(
        "Your text is longer than what fits here. Shorten it and send it again; it stands in the "
        "field below."
    ),
    Words.ONE_AT_A_TIME: _(
        "Your last message is still being answered. Wait a moment and send this one again."
    ),
    Words.FORM_WAITS: _(
        "The form cannot go on at this moment. What you entered before is kept: send your last "
        "entry again in a minute, and it goes on where it was. You can also ask a question "
        "meanwhile."
    ),
    Words.NOT_NOW: _(
        "This cannot be done here at the moment. Ask in your own words, try again in a few "
        "minutes, or call."
    ),
    Words.PAUSED: _(
        "The assistant gives no answers at the moment. You can read all approved answers by topic, "
        "or ask a person."
    ),
}

# Beside an answer: how it came about, where that is not as usual.
NOTES: dict[str, Promise] = {
    "masked": _("Personal data in your question was hidden before it was looked at."),
    "shortened": _("Your message is long. The part that asks was used."),
    "other_language": _(
        "There is no approved translation yet. This is the approved text as it is."
    ),
    "converted": _("Traditional characters were made from the approved simplified text."),
    "stale": _(
        "The original has changed since this translation was approved. The original prevails."
    ),
    "translated": _("This is the approved translation. The Chinese text prevails."),
    "as_of": _("This is what was in force on the day that you asked about."),
    "lexical": _("At the moment I search by words only: I may miss what is said differently."),
    "database": _(
        "The index is being repaired. I searched the questions themselves, word by word."
    ),
    "chosen": _("You chose this question."),
    "single_turn": _(
        "At the moment I answer each question by itself: I cannot lead you through forms, and I "
        "do not remember what was said before."
    ),
    "form_open": _(
        "What you entered in the form is kept; it goes on where it was as soon as I can lead you "
        "through it again."
    ),
    "form_closed": _(
        "The form was closed because nothing was entered for a long time. You can begin it anew."
    ),
}


def said(words: Words, *, site: int | None = None) -> str:
    """What the assistant says for a key, in the active language."""
    return str(TEXTS[words])


def notes(keys: list[str]) -> list[str]:
    """The lines for the keys of a receipt; keys of later versions are passed over."""
    return [str(NOTES[key]) for key in keys if key in NOTES]
