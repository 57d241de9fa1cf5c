"""A data folder for the time of one process; used by the settings of the test suite."""

import atexit
import os
import shutil
import tempfile


def data_folder() -> str:
    """Make a folder that goes when this process ends; processes that it starts share it."""
    folder = tempfile.mkdtemp(prefix="portal-test-")
    owner = os.getpid()

    @atexit.register
    def remove() -> None:
        if os.getpid() == owner:  # not in a copy of the process
            shutil.rmtree(folder, ignore_errors=True)

    return folder
