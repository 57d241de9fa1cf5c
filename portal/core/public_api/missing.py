"""What an API answers where there is nothing for the public."""


class ApiMissing(Exception):
    """What was asked for is not there, or not public: callers cannot tell which.

    The answer is a problem detail with status 404. ``detail`` is a lazy message, worded in the
    language that the caller asked for.
    """

    def __init__(self, detail: object) -> None:
        self.detail = detail
        super().__init__(detail)
