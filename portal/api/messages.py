"""What the API says when it cannot give what was asked for."""

from django.utils.translation import gettext_lazy as _

NO_LANGUAGE = _("The site has no public content in this language.")
NO_PAGE = _("There is no such public page.")
NO_ORGANISATION = _("There is no such organisation.")
NO_ADDRESS = _("The API has nothing at this address.")
READ_ONLY = _("The API is read only: GET, HEAD and OPTIONS.")
OTHER_METHODS = _("This address does not take that method; the header Allow names those it takes.")
INVALID = _("Some parameters are not valid.")
FAILED = _("The request failed here. The operators are informed.")

# By pydantic's type of error; what is not here keeps pydantic's own words.
PARAMETER_ERRORS = {
    "int_parsing": _("Not a whole number."),
    "int_parsing_size": _("Not a whole number."),
    "int_from_float": _("Not a whole number."),
    "greater_than_equal": _("Not less than %(ge)s."),
    "less_than_equal": _("Not more than %(le)s."),
    "string_pattern_mismatch": _("Contains signs that do not belong there."),
    "string_too_long": _("Not longer than %(max_length)s characters."),
    "choice": _("Not one of: %(choices)s."),
    "language": _("Not a language of this portal."),
    "day": _("Not a date in the form YYYY-MM-DD."),
}

TITLES = {
    400: _("Bad request"),
    403: _("Forbidden"),
    404: _("Not found"),
    405: _("Method not allowed"),
    412: _("Precondition failed"),
    422: _("Invalid parameters"),
    500: _("Internal server error"),
}
