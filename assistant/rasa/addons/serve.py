"""``python -m addons.serve``: Rasa with the portal's channel and nothing else.

The same parts as ``rasa run`` puts together, less what that brings along: no HTTP API (which could
load models), no command line, no telemetry, no cross-origin headers, only this machine.

    RASA_MODEL            the model file; a new one in its place is loaded within half a minute
    RASA_TOKEN            what the portal shows
    RASA_PORTAL_URL       the portal's address, for calling back
    RASA_CALLBACK_TOKEN   what is shown there
    RASA_TRACKER_URL      database of the conversations, as SQLAlchemy reads it
    RASA_HOST, RASA_PORT  where to listen; 127.0.0.1 and 5005
    RASA_KEEP_HOURS       conversations silent for so long are deleted; 24
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from pathlib import Path
from typing import Any

from . import starting  # isort: skip  # noqa: F401 - first

from rasa.core.agent import Agent, load_agent
from rasa.core.channels import channel as channels
from rasa.core.utils import AvailableEndpoints
from rasa.shared.utils.io import read_config_file
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, text

from . import callback
from .portal_channel import LONGEST_BODY, PortalChannel

logger = logging.getLogger("rasa.portal")

FOLDER = Path(__file__).resolve().parent.parent
CHANNEL = "addons.portal_channel.PortalChannel"
NEEDED = ("RASA_MODEL", "RASA_TOKEN", "RASA_PORTAL_URL", "RASA_CALLBACK_TOKEN", "RASA_TRACKER_URL")
# The portal gives up on a message after four seconds; a call back has less.
CALL_SECONDS = 3.5
CONNECTIONS = 16
LOOK_SECONDS = 30
FORGET_SECONDS = 3600


def application() -> Sanic:
    """The server, with everything from the files beside."""
    channel = PortalChannel.from_credentials(read_config_file(FOLDER / "credentials.yml")[CHANNEL])
    app = Sanic("portal_dialogue", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = LONGEST_BODY + 8 * 1024
    app.config.RESPONSE_TIMEOUT = 30
    app.config.ACCESS_LOG = False
    app.config.MOTD = False

    @app.get("/")
    async def alive(request: Request) -> HTTPResponse:
        return text("ok\n", 200 if request.app.ctx.agent.is_ready() else 503)

    channels.register([channel], app, route="/webhooks/")
    app.register_listener(_open, "before_server_start")
    app.register_listener(_close, "after_server_stop")
    return app


async def _open(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
    app.ctx.session = callback.session(CALL_SECONDS, CONNECTIONS)
    endpoints = AvailableEndpoints.read_endpoints(str(FOLDER / "endpoints.yml"))
    callback.check_shapes_only()
    for name in ("action", "nlg"):
        config = getattr(endpoints, name)
        setattr(endpoints, name, callback.PortalEndpoint(config, lambda: app.ctx.session))
    model = Path(os.environ["RASA_MODEL"])
    app.ctx.model = _identity(model)
    app.ctx.agent = await load_agent(str(model), endpoints=endpoints, loop=loop)
    if not app.ctx.agent.is_ready():
        logger.error("No model could be loaded from %s", model)
        os._exit(1)
    app.ctx.tracker_store = _innermost(app.ctx.agent.tracker_store)
    app.add_task(_follow_model(app, model))
    app.add_task(_forget_regularly(app))


async def _close(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
    await app.ctx.session.close()


def _innermost(store: Any) -> Any:
    while hasattr(store, "_tracker_store"):
        store = store._tracker_store
    return store


def _identity(model: Path) -> tuple[str, int]:
    """Changes when another file is put in the place, also behind a symbolic link."""
    return str(model.resolve()), model.stat().st_mtime_ns


async def _follow_model(app: Sanic, model: Path) -> None:
    """Load the model anew when it was replaced; the old one serves on where that fails."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            found = _identity(model)
            if found != app.ctx.model:
                app.ctx.model = found  # tried once, not every half minute
                _load(app.ctx.agent, model)
                logger.warning("The model %s is in use", model.resolve().name)
        except Exception as error:
            logger.error("The new model is not used: %s", error)


def _load(agent: Agent, model: Path) -> None:
    agent.load_model(model)


async def _forget_regularly(app: Sanic) -> None:
    while True:
        try:
            if forgotten := app.ctx.tracker_store.forget_silent():
                logger.info("%s old events were deleted", forgotten)
        except Exception as error:
            logger.error("Old conversations could not be deleted: %s", type(error).__name__)
        await asyncio.sleep(FORGET_SECONDS)


def main() -> int:
    if missing := [name for name in NEEDED if not os.environ.get(name)]:
        sys.stderr.write(f"Not set: {', '.join(missing)}\n")
        return 2
    os.umask(0o077)
    os.environ.setdefault("RASA_KEEP_HOURS", "24")
    app = application()
    app.run(
        host=os.environ.get("RASA_HOST") or "127.0.0.1",
        port=int(os.environ.get("RASA_PORT") or 5005),
        access_log=False,
        motd=False,
        workers=1,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
