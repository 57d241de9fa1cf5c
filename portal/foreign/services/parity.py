"""Local stand-in, not committed."""


def check_release(*args, **kwargs):
    return None
