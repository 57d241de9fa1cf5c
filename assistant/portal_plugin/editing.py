"""The form of an entry: put together here, since panels and forms need the models first."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    PageChooserPanel,
)

from .forms import QuestionPageForm
from .models import QuestionPage
from .panels import EntryStatePanel, GoldenMovesPanel

QuestionPage.base_form_class = QuestionPageForm
QuestionPage.content_panels = [
    EntryStatePanel(),
    GoldenMovesPanel(),
    FieldPanel("question", widget=forms.Textarea(attrs={"rows": 2})),
    FieldPanel("phrasings"),
    FieldPanel("answer"),
    InlinePanel(
        "sources",
        heading=_("What the answer rests on"),
        label=_("source"),
        help_text=_("When one of these ends or is withdrawn, the entry is no longer given."),
    ),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("topic"), FieldPanel("owner_unit")]),
            FieldPanel("audience"),
            FieldRowPanel([FieldPanel("language"), FieldPanel("trust")]),
        ],
        heading=_("About the entry"),
    ),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]),
            PageChooserPanel("superseded_by", "assistant.QuestionPage"),
        ],
        heading=_("Validity"),
    ),
]
