"""Makes a template that test processes copy: ``python -m tests.templates database|demo``.

The first test that needs one makes it otherwise, while all others wait. ``DATABASE_URL`` says for
which database.
"""

import os
import sys
import tempfile


def main(part: str) -> None:
    if part == "demo":
        from tests.e2e.serving import demo_template

        demo_template()
        return
    with tempfile.TemporaryDirectory(prefix="portal-test-") as folder:
        os.environ["PORTAL_DATA_DIR"] = folder
        from tests.plugins.installing import prepare_django

        prepare_django()
        from tests import databases

        databases.prepare("template").remove()


if __name__ == "__main__":
    main(sys.argv[1])
