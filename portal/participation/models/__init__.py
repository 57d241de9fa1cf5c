"""Tables and page types of participation, by subject."""

from .interviews import InterviewPage, InterviewQuestion, LiveEntry, QuestionSender
from .records import Activity, ActivityKind, Stage
from .solicitations import ClauseTally, Opinion, OpinionSender, SolicitationPage, Verdict
from .surveys import AnswerSheet, AnswerTally, CrossTable, FreeText, SurveyPage, Voter
from .tables import ParticipationSettings, ServiceTeam, SiteClass, YearlyNumber

__all__ = [
    "Activity",
    "ActivityKind",
    "AnswerSheet",
    "AnswerTally",
    "ClauseTally",
    "CrossTable",
    "FreeText",
    "InterviewPage",
    "InterviewQuestion",
    "LiveEntry",
    "Opinion",
    "OpinionSender",
    "ParticipationSettings",
    "QuestionSender",
    "ServiceTeam",
    "SiteClass",
    "SolicitationPage",
    "Stage",
    "SurveyPage",
    "Verdict",
    "Voter",
    "YearlyNumber",
]
