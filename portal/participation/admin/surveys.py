"""The staff's screen of a survey: counts, words to be looked at, cross tables."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext, ngettext

from portal.participation.models import ActivityKind, AnswerSheet, FreeText
from portal.participation.questions import questions_of, words_of
from portal.participation.selectors.surveys import charts_of, crosses_of
from portal.participation.services import surveys as services

from .base import ActivityScreen, BoundedPaginator, numbers_in

ON_A_PAGE = 50


class SurveyScreen(ActivityScreen):
    template_name = "participation/admin/survey.html"
    kind = ActivityKind.SURVEY

    def do_texts(self, request: HttpRequest) -> str:
        state = request.POST.get("state", "")
        number = services.look_at_texts(page=self.page, texts=numbers_in(request), state=state)
        return ngettext("%(n)d answer set.", "%(n)d answers set.", number) % {"n": number}

    def do_cross(self, request: HttpRequest) -> str:
        services.cross(
            page=self.page,
            rows=request.POST.get("rows", ""),
            columns=request.POST.get("columns", ""),
        )
        return gettext("Counted. It is shown with the result; small cells are hidden.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        questions = questions_of(self.page.questions)
        state = self.request.GET.get("state", FreeText.State.NEW)
        texts = FreeText.objects.filter(survey=self.page, state=state).order_by("question", "pk")
        names = {question.id: question for question in questions}
        page = BoundedPaginator(texts, ON_A_PAGE).get_page(self.request.GET.get("p"))
        return context | {
            "charts": charts_of(self.page.pk, questions),
            "crosses": crosses_of(self.page.pk, questions),
            "texts": page,
            "text_rows": [(names.get(row.question), row) for row in page],
            "state": state,
            "states": FreeText.State.choices,
            "crossable": [q for q in questions if q.kind in services.CROSSABLE],
        }


def export_rows(page: Any) -> Iterator[list[str]]:
    """Every sheet with its answers in words."""
    questions = questions_of(page.questions)
    yield [gettext("Number"), gettext("Day"), gettext("Language"), *(q.text for q in questions)]
    rows = AnswerSheet.objects.filter(survey=page).order_by("key")  # not as they came in
    for number, sheet in enumerate(rows.iterator(chunk_size=2000), 1):
        yield [
            str(number),
            sheet.sent_at.date().isoformat(),
            sheet.language,
            *(words_of(q, sheet.answers[q.id]) if q.id in sheet.answers else "" for q in questions),
        ]
