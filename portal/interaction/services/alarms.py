"""What the clocks raise becomes part of a letter's history: whoever opens it sees who was told."""

from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _

from portal.interaction.models import Letter, LetterStep, Verb
from portal.interaction.states import TRANSITIONS
from portal.plugin_api import ClockAlarm

from .moving import checked_moment, lock, record


@transaction.atomic
def note_alarm(*, letter_pk: int, alarm: ClockAlarm) -> bool:
    """One line for an alarm, however often it is told; whether there is a new one."""
    letter = Letter.objects.filter(pk=letter_pk).first()
    if letter is None:
        return False
    found = lock(letter)
    is_escalation = alarm.what == ClockAlarm.What.ESCALATED
    verb = Verb.ESCALATE if is_escalation else Verb.REMIND
    seen = LetterStep.objects.filter(letter=found, verb=verb, data__alarm=alarm.pk)
    if found.state not in TRANSITIONS[verb].sources or seen.exists():
        return False
    data = {"alarm": alarm.pk, "what": str(alarm.what), "role": alarm.role}
    record(found, verb, at=checked_moment(found, None), data=data)
    if not is_escalation and found.holder is not None and found.holder.email:
        subject = _("Letter %(number)s: %(what)s") % {
            "number": found.number,
            "what": alarm.get_what_display(),
        }
        send_mail(subject, subject, None, [found.holder.email])
    return True
