"""Where everything of Rasa lies, and whether it is wanted here at all."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.supervisor.paths import PROJECT_DIR, data_dir

PLUGIN = "assistant"
FILES = PROJECT_DIR / "assistant" / "rasa"
LOCK = FILES / "requirements.lock.txt"
OFF = frozenset({"off", "0", "no", "false"})


@dataclass(frozen=True, slots=True)
class Places:
    """Of one installation."""

    environment: Path
    state: Path

    @property
    def python(self) -> Path:
        return self.environment / "bin" / "python"

    @property
    def installed(self) -> Path:
        """Holds the fingerprint of what the environment was completely made from."""
        return self.environment / "portal-lock.txt"

    @property
    def models(self) -> Path:
        return self.state / "models"

    @property
    def model(self) -> Path:
        """A link to the model in use."""
        return self.models / "current.tar.gz"

    @property
    def skills(self) -> Path:
        """What plugins add to the training data; written anew before each training."""
        return self.state / "skills"

    @property
    def conversations(self) -> Path:
        return self.state / "conversations.sqlite3"

    @property
    def tokens(self) -> Path:
        return self.state / "tokens.json"


def places(environ: Mapping[str, str] = os.environ) -> Places:
    """``PORTAL_RASA_ENVIRONMENT`` and ``PORTAL_RASA_DIR``, or ``.venv-rasa`` and ``var/rasa``."""
    environment = environ.get("PORTAL_RASA_ENVIRONMENT", "").strip()
    state = environ.get("PORTAL_RASA_DIR", "").strip()
    return Places(
        Path(environment) if environment else PROJECT_DIR / ".venv-rasa",
        Path(state) if state else data_dir(environ) / "rasa",
    )


def why_not(environ: Mapping[str, str] = os.environ) -> str:
    """Why there is to be no Rasa of this machine's own; "" when there is to be one."""
    if environ.get("PORTAL_RASA", "").strip().lower() in OFF:
        return "PORTAL_RASA is off"
    if environ.get("RASA_URL", "").strip():
        return "RASA_URL names one elsewhere"
    if PLUGIN in environ.get("PORTAL_PLUGINS_DISABLED", "").replace(",", " ").split():
        return "the assistant is left out"
    return ""
