"""The moves of a letter as buttons: what each is called, what it needs, what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.interaction.models import (
    Advice,
    Letter,
    LetterKind,
    OtherChannel,
    Verb,
)
from portal.interaction.permissions import open_transfer, own_units, runs_units
from portal.interaction.selectors.figures import themes_of
from portal.interaction.services import flow
from portal.plugin_api import Action

_ROWS = {"rows": 3}


class MoveForm(forms.Form):
    """What a move needs; without fields it is a button."""

    def __init__(self, *args: Any, letter: Letter, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.letter, self.user = letter, user
        self.settle()

    def settle(self) -> None:
        """Offer what fits this letter."""

    def units(self) -> Any:
        return Letter._meta.get_field("unit").related_model._default_manager.all()


def _reason(label: Any = "", *, help_text: Any = "", required: bool = True) -> Any:
    return forms.CharField(
        label=label or _("Reason"),
        required=required,
        max_length=1000,
        help_text=help_text,
        widget=forms.Textarea(attrs=_ROWS),
    )


class ReasonForm(MoveForm):
    reason = _reason(help_text=_("Kept with the letter."))


class ToldReasonForm(MoveForm):
    reason = _reason(help_text=_("The writer reads it."))


class AcceptForm(MoveForm):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=LetterKind, help_text=_("Each kind has its own deadline.")
    )
    theme = forms.CharField(label=_("Subject area"), max_length=12, required=False)

    def settle(self) -> None:
        self.fields["kind"].initial = self.letter.kind
        self.fields["theme"].initial = self.letter.theme
        used = themes_of(self.letter.site_id)
        if used:
            self.fields["theme"].help_text = _("Figures are kept by it. In use: %(themes)s") % {
                "themes": gettext(", ").join(used)
            }


class AssignForm(MoveForm):
    unit: Any = forms.ModelChoiceField(label=_("Unit"), queryset=None)
    holder: Any = forms.ModelChoiceField(
        label=_("Person"),
        queryset=None,
        required=False,
        help_text=_("Empty: whoever of the unit takes it."),
    )
    note = _reason(_("Note for the unit"), required=False)

    def settle(self) -> None:
        fields: Any = self.fields
        fields["unit"].queryset = self.units()
        fields["unit"].initial = self.letter.unit_id
        people = Letter._meta.get_field("holder").related_model._default_manager
        fields["holder"].queryset = people.filter(
            is_active=True,
            groups__site_role__site=self.letter.site_id,
            groups__site_role__role__in=("letters_handler", "site_admin"),
        ).distinct()


class TransferForm(MoveForm):
    to_unit: Any = forms.ModelChoiceField(label=_("Unit"), queryset=None, required=False)
    to_name = forms.CharField(
        label=_("or a body outside of this portal"), max_length=120, required=False
    )
    reason = _reason(help_text=_("Until the receipt is confirmed your unit answers for it."))

    def settle(self) -> None:
        fields: Any = self.fields
        fields["to_unit"].queryset = self.units().exclude(pk=self.letter.unit_id or 0)


class ConfirmForm(MoveForm):
    their_number = forms.CharField(label=_("Number there"), max_length=60, required=False)


class AskForm(MoveForm):
    unit: Any = forms.ModelChoiceField(label=_("Unit"), queryset=None)
    request = _reason(_("What you want to know"))

    def settle(self) -> None:
        fields: Any = self.fields
        fields["unit"].queryset = self.units().exclude(pk=self.letter.unit_id or 0)


class AdviseForm(MoveForm):
    opinion = _reason(_("Opinion"))


class DeferForm(MoveForm):
    reason = _reason(help_text=_("Kept with the letter."))
    notice = _reason(_("What the writer is told"))


class ForwardForm(MoveForm):
    to_name = forms.CharField(label=_("To"), max_length=120)
    their_number = forms.CharField(label=_("Number there"), max_length=60, required=False)
    reason = _reason(help_text=_("The writer reads it."))


class DirectForm(MoveForm):
    channel: Any = forms.ModelChoiceField(label=_("Channel"), queryset=None)
    reason = _reason(help_text=_("The writer reads it."))

    def settle(self) -> None:
        fields: Any = self.fields
        fields["channel"].queryset = OtherChannel.objects.filter(
            Q(site=self.letter.site_id) | Q(site__isnull=True), is_active=True
        )


class MergeForm(MoveForm):
    into = forms.CharField(
        label=_("Number of the letter that it is joined with"),
        max_length=24,
        help_text=_("Its answer goes to the writer of this letter too."),
    )
    reason = _reason(required=False)

    def clean_into(self) -> Letter:
        number = self.cleaned_data["into"].strip().upper()
        found = Letter.objects.filter(number=number, site=self.letter.site_id).first()
        if found is None:
            raise forms.ValidationError(_("There is no letter of this site with this number."))
        return found


class SplitForm(MoveForm):
    reason = _reason(required=False)


class TranslateForm(MoveForm):
    subject = forms.CharField(label=_("Subject in Chinese"), max_length=120, required=False)
    text = _reason(_("Text in Chinese"))

    def settle(self) -> None:
        text = self.fields["text"]
        text.max_length = None  # type: ignore[attr-defined]
        text.validators = []
        text.widget.attrs = {"rows": 10}
        text.initial = self.letter.chinese_text
        reply = flow.reply_to_translate(self.letter)
        if reply is not None:
            del self.fields["subject"]
            text.label = _("Reply in the writer's language")
            text.initial = reply.translation
            text.help_text = _("Names are hidden from you: leave the marks as they stand.")


class NoteForm(MoveForm):
    text = _reason(_("Note"), help_text=_("For colleagues; the writer never sees it."))


@dataclass(frozen=True, slots=True)
class MoveScreen:
    """``group``: main moves stand first; ``danger``: the button is red."""

    verb: Verb
    label: Any
    form: type[MoveForm]
    run: Callable[..., Any]
    help: Any = ""
    group: str = "more"
    danger: bool = False


def _with_transfer(service: Callable[..., Any]) -> Callable[..., Any]:
    def run(*, letter: Letter, by: Any, **told: Any) -> Any:
        transfer = open_transfer(letter)
        if transfer is None:
            raise flow.MoveRefused(_("This handover has ended already."))
        return service(transfer=transfer, by=by, **told)

    return run


def _advise(*, letter: Letter, by: Any, opinion: str) -> Any:
    asked = Advice.objects.filter(letter=letter, given_at__isnull=True).order_by("asked_at")
    mine = asked.filter(unit__in=own_units(by)).first()
    if mine is None and runs_units(by, Action.LETTERS_HANDLE, letter.site_id):
        mine = asked.first()
    if mine is None:
        raise flow.MoveRefused(_("This opinion is given already."))
    return flow.give_advice(advice=mine, by=by, opinion=opinion)


V = Verb
MOVES: dict[Verb, MoveScreen] = {
    screen.verb: screen
    for screen in (
        MoveScreen(V.TRANSLATE, _("Translate"), TranslateForm, flow.translate, group="main"),
        MoveScreen(V.ACCEPT, pgettext_lazy("letter", "Accept"), AcceptForm, flow.accept,
                   group="main"),
        MoveScreen(V.ASSIGN, _("Assign"), AssignForm, flow.assign, group="main"),
        MoveScreen(V.TAKE, _("Take into hand"), MoveForm, flow.take, group="main"),
        MoveScreen(V.CONFIRM, _("Confirm the receipt"), ConfirmForm,
                   _with_transfer(flow.confirm_transfer), group="main"),
        MoveScreen(V.DECLINE, _("Decline the handover"), ReasonForm,
                   _with_transfer(flow.decline_transfer), group="main"),
        MoveScreen(V.ADVISE, _("Give the opinion"), AdviseForm, _advise, group="main"),
        MoveScreen(V.APPROVE, pgettext_lazy("reply", "Approve"), MoveForm, flow.approve,
                   help=_("It goes on to the releaser."), group="main"),
        MoveScreen(V.RELEASE, pgettext_lazy("reply", "Release"), MoveForm, flow.release,
                   help=_("The writer gets the reply now. It cannot be changed afterwards."),
                   group="main"),
        MoveScreen(V.REWORK, _("Send the reply back"), ReasonForm, flow.rework, group="main"),
        MoveScreen(V.RETURN, _("Return to the letters desk"), ReasonForm, flow.return_letter),
        MoveScreen(V.TRANSFER, _("Hand over"), TransferForm, flow.transfer),
        MoveScreen(V.ASK_ADVICE, _("Ask another unit"), AskForm, flow.ask_advice),
        MoveScreen(V.DEFER, _("Extend the time"), DeferForm, flow.defer,
                   help=_("Once, as far as the kind allows.")),
        MoveScreen(V.PAUSE, _("Pause the clock"), ReasonForm, flow.pause),
        MoveScreen(V.RESUME, _("Let the clock go on"), MoveForm, flow.resume),
        MoveScreen(V.MERGE, _("Join with another letter"), MergeForm, flow.merge),
        MoveScreen(V.SPLIT, _("Take out of the joint letter"), SplitForm, flow.split),
        MoveScreen(V.FORWARD, _("Forward to another level"), ForwardForm, flow.forward),
        MoveScreen(V.RECALL, _("Take back from the other level"), ReasonForm, flow.recall),
        MoveScreen(V.DIRECT, _("Direct to its own channel"), DirectForm, flow.direct),
        MoveScreen(V.REFUSE, _("Do not take on"), ToldReasonForm, flow.refuse, danger=True),
        MoveScreen(V.INVALIDATE, _("Mark as invalid"), ToldReasonForm, flow.invalidate,
                   danger=True),
        MoveScreen(V.REOPEN, _("Reopen"), ReasonForm, flow.reopen),
        MoveScreen(V.NOTE, _("Add a note"), NoteForm, flow.note),
        MoveScreen(V.ERASE, _("Erase the personal data"), ReasonForm, flow.erase_sender,
                   help=_("Name, contacts and files of the writer go for good."), danger=True),
    )
}  # fmt: skip
