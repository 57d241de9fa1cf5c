"""What a view of the API raises where it cannot give what was asked for."""

from collections.abc import Mapping


class ApiProblem(Exception):
    """Answered as a problem detail (RFC 9457) with ``status``, 400 to 599.

    ``detail`` is a lazy message, worded in the language that the caller asked for; ``headers`` are
    added, such as ``{"Retry-After": "10"}``. An answer like any other, not a failure.
    """

    def __init__(
        self, status: int, detail: object = "", *, headers: Mapping[str, str] | None = None
    ) -> None:
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        super().__init__(detail)


class ApiMissing(ApiProblem):
    """What was asked for is not there, or not public: callers cannot tell which. 404."""

    def __init__(self, detail: object) -> None:
        super().__init__(404, detail)
