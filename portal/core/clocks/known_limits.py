"""The limits that laws and notices name, as defaults for the kinds of deadlines of plugins.

This table is the one place where such a number is written in code; what holds at a site is the
site's setting. A limit that nobody has compared with the text of its source is not ``verified``,
and administrators see that beside it.
"""

from dataclasses import dataclass

from .worktime import Limit, Unit


@dataclass(frozen=True, slots=True)
class KnownLimit:
    """A limit with where it comes from (in Chinese, as the sources are called)."""

    limit: Limit
    basis: str
    verified: bool


def _known(amount: int, unit: Unit, basis: str, *, verified: bool = True) -> KnownLimit:
    return KnownLimit(Limit(amount, unit), basis, verified)


_WD, _HALF, _H, _D, _M = (
    Unit.WORKING_DAYS,
    Unit.HALF_DAYS,
    Unit.HOURS,
    Unit.DAYS,
    Unit.MONTHS,
)
_REGULATION = "《中华人民共和国政府信息公开条例》"
_OPENNESS = "国办发〔2016〕80号"
_CITY_OPINIONS = "市政府网站内容建设意见"
_CITY_RULES = "市政府网站群管理办法"

KNOWN_LIMITS: dict[str, KnownLimit] = {
    # Policies and public opinion
    "interpretation_after_document": _known(3, _WD, _OPENNESS, verified=False),
    "emergency_first_information": _known(5, _H, _OPENNESS, verified=False),
    "emergency_press_conference": _known(24, _H, _OPENNESS, verified=False),
    "public_opinion_response": _known(48, _H, _OPENNESS, verified=False),
    "repost_important_policy": _known(12, _H, _CITY_RULES),
    # Disclosure
    "disclosure_after_creation": _known(20, _WD, _REGULATION),
    "disclosure_reply": _known(20, _WD, _REGULATION + "第三十三条"),
    "disclosure_reply_extension": _known(20, _WD, _REGULATION + "第三十三条"),
    "disclosure_correction_notice": _known(7, _WD, _REGULATION + "第三十条", verified=False),
    "disclosure_third_party": _known(15, _WD, _REGULATION + "第三十二条", verified=False),
    # Letters and error reports
    "opinion_reply": _known(7, _WD, _CITY_OPINIONS),
    # From 7 to 15 working days for complicated ones.
    "opinion_reply_extension": _known(8, _WD, _CITY_OPINIONS),
    "simple_question_reply": _known(5, _WD, "国办秘函〔2019〕19号", verified=False),
    "error_report_own": _known(2, _WD, "国办发〔2017〕47号实施意见"),
    "error_report_central_draft": _known(1, _HALF, _CITY_RULES),
    "error_report_central_reply": _known(1, _WD, _CITY_RULES),
    "error_report_other": _known(3, _WD, "国办发〔2017〕47号", verified=False),
    "interview_open_questions": _known(5, _WD, "", verified=False),
    "major_decision_comment": _known(30, _D, "", verified=False),
    # Services: a rating of 1 or 2; no source names days.
    "service_rating_reply": _known(5, _WD, "", verified=False),
    # Sites
    "rectification": _known(3, _WD, _CITY_RULES),
    "site_closing_work": _known(90, _D, _CITY_RULES),
    "domain_change_notice": _known(3, _M, _CITY_RULES),
    "registration_change_report": _known(20, _WD, _CITY_RULES),
    "registry_finish": _known(3, _WD, _CITY_RULES),
}


def known_limit(key: str) -> KnownLimit:
    """A limit by its name in the table.

    Raises:
        KeyError: there is none; the message lists those that there are.
    """
    try:
        return KNOWN_LIMITS[key]
    except KeyError:
        raise KeyError(f"no limit is called {key!r}; known: {', '.join(KNOWN_LIMITS)}") from None
