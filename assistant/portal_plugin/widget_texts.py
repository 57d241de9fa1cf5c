"""Every word that the widget prints itself, by key. In the active language.

The script knows keys only, so that all words go through the catalogues, and one answer of the API
brings them. ``{…}`` are filled in by the script.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEXTS: dict[str, Promise] = {
    # --- the frame
    "title": _("Ask the city"),
    "close": _("Close"),
    "close_title": _("Close the assistant"),
    "new": _("New conversation"),
    "new_sure": _("Begin anew? What was written here is no longer shown."),
    "new_yes": _("Begin anew"),
    "keep": _("Keep it"),
    "language": _("Language"),
    "log": _("Conversation"),
    "page": _("As a page"),
    "greeting": _(
        "You get the approved answer with its source and whether it is in force, or an honest no "
        "and whom to ask."
    ),
    "starters": _("People on this page ask"),
    "earlier": _("Earlier in this conversation"),
    # --- asking
    "label": _("Your question"),
    "reply": _("Your reply"),
    "placeholder": _("Such as: how do I get a residence permit?"),
    "hint": _("Leave out names, identity and telephone numbers: they are not needed."),
    "send": _("Ask"),
    "send_reply": _("Send"),
    "waiting": _("Looking for the approved answer …"),
    "one_at_a_time": _("One moment: your last message is still being answered."),
    "empty": _("Write a question first."),
    "left": _("{count} characters left"),
    "over": _("{count} characters too many"),
    "beyond": _("Long messages are read in part: the sentences that ask."),
    # --- personal data
    "personal": _("Not sent yet: your message holds {kinds}."),
    "personal_why": _("It is not needed for an answer. Nothing has left this page."),
    "personal_hide": _("Hide it and send"),
    "personal_edit": _("Change my message"),
    "kind_identity_number": _("an identity number"),
    "kind_bank_card": _("a bank card number"),
    "kind_mobile": _("a telephone number"),
    "kind_landline": _("a telephone number"),
    "kind_email": _("an e-mail address"),
    "kind_passport": _("a passport or permit number"),
    "kind_long_number": _("a long number"),
    # --- answers
    "you_asked": _("You asked"),
    "approved": _("Approved answer"),
    "assistant": _("The assistant"),
    "ready": _("The answer is there: {title}."),
    "ready_sources": _("The answer is there: {title}. Sources: {count}."),
    "card": _("Counter card"),
    "sources": _("What this rests on"),
    "source": _("Source {number}"),
    "passage": _("The passage itself"),
    "open_source": _("Open the document"),
    "in_force": _("In force"),
    "no_passage": _("The passage is in the document itself."),
    "back_to_answer": _("Back to the answer"),
    "related": _("Related official text"),
    "related_hint": _("These passages may help. They are not an answer to your question."),
    "machine": _("Made by a machine"),
    "machine_hint": _("Not checked by people. The approved text above prevails."),
    "gist": _("The gist in your language"),
    "machine_related": _("Put together from the passages below, not checked by people"),
    "nearby": _("Or did you mean"),
    "none_of_these": _("None of these? Say it in other words below, or ask a person."),
    "now_holds": _("What holds now:"),
    "receipt": _("Receipt"),
    "receipt_hint": _(
        "Keep this address: it shows the answer as you got it, and says when it no longer holds."
    ),
    # --- the row of every answer
    "tools": _("With this answer"),
    "useful": _("Useful"),
    "not_useful": _("Not useful"),
    "why": _("What is wrong?"),
    "comment": _("In your own words, if you like; no personal data"),
    "thanks_useful": _("Thank you. It is good to know that this helped."),
    "thanks_not": _("Thank you. Those who answer for this text will read it."),
    "person": _("Ask a person"),
    "hotline": _("Government service hotline"),
    "letter": _("Leave a letter"),
    "letter_hint": _("What you wrote here is put into the letter for you to look over."),
    "copy": _("Copy with sources"),
    "copied": _("Copied with its sources"),
    "copy_by_hand": _("Copy this text:"),
    "translate": _("In another language"),
    "print": _("Print"),
    "read": _("Read aloud"),
    "read_stop": _("Stop reading"),
    "no_voice": _("This device has no voice for this language."),
    # --- what is waited for
    "step": _("{title}: step {number} of {count}"),
    "review": _("Please look this over"),
    "skip": _("Skip this"),
    "stop": _("Stop here"),
    # --- voice
    "speak": _("Speak instead of writing"),
    "listening": _("Listening … speak now."),
    "listening_stop": _("Stop listening"),
    "voice_hint": _("Your browser turns speech into text; its maker may hear it."),
    "voice_refused": _("The microphone is not allowed for this page. You can write instead."),
    "voice_failed": _("Nothing was understood. Try again, or write."),
    # --- when something fails
    "offline": _("There is no connection. Your message is kept here."),
    "failed": _("That did not work. Your message is kept here."),
    "unavailable": _("Answers are not available at the moment. Your message is kept here."),
    "too_many": _("There are very many questions just now. You can send yours in {seconds} s."),
    "again": _("Send again"),
    "unanswered": _("Your last message got no answer before the page was loaded anew."),
    "gone": _("The conversation has ended. Your message begins a new one."),
    "dismiss": _("Understood"),
    "no_longer": _("An answer that you were given has changed"),
}
