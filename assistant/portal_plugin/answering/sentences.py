"""Every sentence of the assistant as it comes with the portal, by key.

Editors may put others in their place (``models.Wording``); ``wording`` finds the one that counts.
``admin.wordings`` says where each is said. A key is stored: do not rename one. Approved answers
never pass here.
"""

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
    "behind": _(
        "The Chinese text has changed, and its translation has not followed yet. This is the "
        "Chinese text that holds now."
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
    "no_service_guides": _(
        "This portal has no catalogue of services yet. This is from the knowledge base."
    ),
}

DIALOGUE: dict[str, Promise] = {
    # --- what can be done here -----------------------------------------------------------------
    "start.find_service": _("Find a service"),
    "start.leave_letter": _("Write a letter to the government"),
    "start.letter_status": _("How is my letter getting on?"),
    "start.report_error": _("Report an error on this page"),
    "start.office_hours": _("Opening hours and addresses"),
    "start.human": _("Ask a person"),
    "start.help": _("What can you do?"),
    "start.repeat": _("Say it again"),
    "start.again": _("Try again"),
    "talk.nothing_open": _("Nothing is open that could be stopped or confirmed. What can I do?"),
    "talk.nothing_said": _("I have not said anything yet that I could repeat. Ask me something."),
    "talk.gone_choice": _("That choice is no longer open. Ask again, and I offer what there is."),
    "talk.which_language": _("Which language shall we go on in?"),
    "talk.language": _("From now on I answer in English. Ask your next question."),
    # --- services -------------------------------------------------------------------------------
    "service.found": _("These services fit what you wrote. Each leads to its guide."),
    "service.which": _("Which service do you look for? Write it in a few words."),
    "service.no_guides": _(
        "This portal has no catalogue of services that I could search. This is what the knowledge "
        "base and the portal's pages have."
    ),
    "service.none": _(
        "I found no service of this kind. Say it in other words, or ask a person who knows them."
    ),
    "service.pages": _("The portal's pages on this:"),
    # --- policies -------------------------------------------------------------------------------
    "policy.unknown": _(
        "I know no public document called “%(name)s”. Check the title or give its number; what is "
        "not in the library, I cannot judge."
    ),
    "policy.which": _("Several documents fit. Which one do you mean?"),
    "policy.perhaps": _("I know no document of exactly this name. Do you mean this one?"),
    "policy.as_of": _("As of %(day)s:"),
    "policy.in_force": _("%(document)s is in force."),
    "policy.in_force_since": _("%(document)s is in force; it took effect on %(day)s."),
    "policy.in_force_until": _("It is valid through %(day)s."),
    "policy.amended": _("It was amended with effect from %(day)s; the amended text counts."),
    "policy.amended_by": _(
        "It was amended with effect from %(day)s by %(by)s; the amended text counts."
    ),
    "policy.partly": _("Some of its clauses are no longer in force; its page marks them."),
    "policy.not_yet": _("%(document)s is not in force yet: it takes effect on %(day)s."),
    "policy.repealed": _("%(document)s was repealed and has not been in force since %(day)s."),
    "policy.repealed_by": _(
        "%(document)s was repealed by %(by)s and has not been in force since %(day)s."
    ),
    "policy.replaced": _("%(document)s was replaced and has not been in force since %(day)s."),
    "policy.replaced_by": _(
        "%(document)s was replaced by %(by)s and has not been in force since %(day)s."
    ),
    "policy.expired": _("%(document)s has expired: it was valid through %(day)s."),
    "policy.over": _("%(document)s is no longer in force."),
    "policy.rests_on": _("It was issued by %(bodies)s."),
    # --- offices --------------------------------------------------------------------------------
    "office.which": _("Several offices fit. Which one do you mean?"),
    "office.address": _("Address: %(address)s"),
    "office.hours": _("Office hours: %(hours)s"),
    "office.phone": _("Telephone: %(phone)s"),
    "office.working_day": _("%(day)s is a working day: offices open at %(time)s."),
    "office.day_off": _("%(day)s is no working day. Offices open again on %(next)s at %(time)s."),
    "office.general": _(
        "Name an office, such as the one you have to go to, and I tell you its address and hours."
    ),
    # --- a person -------------------------------------------------------------------------------
    "human.call": _("Call %(phone)s: people answer there and pass on what they cannot answer."),
    "human.letter": _(
        "Or write: I fill in a letter with what we talked about, and you send it yourself."
    ),
    "human.with_talk": _("Write a letter with this conversation"),
    # --- forms ----------------------------------------------------------------------------------
    "form.choose": _("Please choose one of these."),
    "form.empty": _("There was nothing to read in this. Write it in a few words."),
    "form.too_long": _(
        "This is too long by %(over)s characters: %(longest)s fit. Shorten it and send it again; "
        "what you gave before is kept."
    ),
    "form.no_skip": _("This cannot be left out."),
    "form.not_confirmed": _(
        "Nothing is passed on. Change what is not right, or stop, and it is thrown away."
    ),
    "form.say_yes": _("Only a clear yes lets it go on: press the button, or write yes."),
    "form.busy": _("One thing at a time: finish this one or stop it, then we do the other."),
    "form.stopped": _("Stopped. Nothing was passed on, and what you entered here is thrown away."),
    "form.yes": _("Yes, this is right"),
    "form.no": _("No"),
    "form.this_one": _("This one"),
    "form.something_else": _("Change something"),
    "form.change": _("Change: %(label)s"),
    "form.skip": _("Leave it out"),
    "form.stop": _("Stop"),
    "form.masked": _(
        "Personal data is shown as *** here and is not kept. You enter it on the page that follows."
    ),
    "form.conversation": _("Conversation"),
    "form.conversation_added": _("is added, as it stands here"),
    "form.failed": _(
        "It could not be prepared just now. What you wrote is kept for a while: try again, or call."
    ),
    # --- a letter -------------------------------------------------------------------------------
    "letter.title": _("A letter to the government"),
    "letter.none": _(
        "Letters cannot be written on this portal yet. A person takes your concern by telephone."
    ),
    "letter.kind": _("What kind of letter is it?"),
    "letter.kind_label": _("Kind"),
    "letter.subject": _("What is it about, in one line?"),
    "letter.subject_label": _("Subject"),
    "letter.subject_hint": _(
        "Everything that you write now goes into the letter. Leave out names and numbers."
    ),
    "letter.text": _("Write what happened or what you wish: where, when, and what should be done."),
    "letter.text_label": _("Text"),
    "letter.text_hint": _(
        "Everything that you write now goes into the letter. Names, telephone and identity numbers "
        "are hidden here; you enter yours on the page that follows."
    ),
    "letter.confirm": _(
        "Is this right? With your yes I fill in the letter's page for you. Nothing is sent before "
        "you send it there yourself."
    ),
    "letter.prepared": _(
        "Your letter is filled in, but not sent. Open its page, add how you can be reached, and "
        "send it there. You then get a number and a code, with which you can ask how it stands."
    ),
    "letter.open": _("Open the letter"),
    "letter.known": _("The letter that you sent from here has the number %(number)s."),
    "letter.waiting": _(
        "The letter that was filled in here has not been sent yet. Open its page to send it."
    ),
    # --- how a letter stands --------------------------------------------------------------------
    "status.title": _("How a letter stands"),
    "status.none": _("I cannot look up letters on this portal. A person can do it by telephone."),
    "status.number": _("What is the number of the letter?"),
    "status.number_label": _("Number"),
    "status.number_hint": _("It stands on the page that you saw after sending the letter."),
    "status.code": _("And its query code?"),
    "status.code_label": _("Query code"),
    "status.code_hint": _("The code came with the number. I keep neither of them."),
    "status.shape": _("A number or code has letters, digits and hyphens only, at most 40."),
    "status.state": _("Letter %(number)s: %(state)s."),
    "status.since": _("So it stands since %(day)s."),
    "status.due": _("An answer is due by %(day)s."),
    "status.unknown": _(
        "There is no letter with this number and this code. Check both and try again; for your "
        "protection I do not say which of them was wrong."
    ),
    "status.expired": _("It took too long; for your protection enter number and code once more."),
    "status.open": _("Open the letter's page"),
    # --- an error on a page ---------------------------------------------------------------------
    "report.title": _("An error on a page"),
    "report.none": _(
        "Errors cannot be reported here yet. A person takes your report by telephone."
    ),
    "report.kind": _("What is wrong with the page?"),
    "report.kind_label": _("Kind of error"),
    "report.text": _("What exactly is wrong? Quote the words or the link, if you can."),
    "report.text_label": _("What is wrong"),
    "report.text_hint": _("Everything that you write now goes into the report."),
    "report.page_label": _("Page"),
    "report.confirm": _(
        "Is this right? With your yes I fill in the report's page; you send it there yourself."
    ),
    "report.prepared": _(
        "Your report is filled in, but not sent. Open its page and send it there."
    ),
    "report.open": _("Open the report"),
    # --- skills of plugins ----------------------------------------------------------------------
    "skill.none": _("This is not available on this portal."),
    "skill.failed": _("This did not work just now. Try again in a while, or ask a person."),
    "skill.confirm": _("Is this right? Only with your yes do I go on."),
}

SENTENCES: dict[str, Promise] = {
    **{words.value: text for words, text in TEXTS.items()},
    **{f"note.{key}": text for key, text in NOTES.items()},
    **DIALOGUE,
}
