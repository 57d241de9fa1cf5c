"""What this plugin enters into the portal's registries."""

import datetime

from portal.plugin_api import (
    ApiRoutes,
    BackupPart,
    ScheduledJob,
    api_routers,
    backup_parts,
    dashboard_panels,
    demo_content,
    evidence_sources,
    outbox_consumers,
    readiness_checks,
    scheduled_jobs,
)

from .api import make_router
from .apps import CHECK, SIGN
from .consumer import LogFollower
from .demo_content import DemoEvidence
from .jobs import check_portion, sign_root
from .panels import FindingsPanel
from .readiness import evidence
from .services.log import forget_what_the_table_has_not
from .sources.files import DOCUMENTS, IMAGES, MEDIA
from .sources.pages import PageRows, Versions

evidence_sources.register("pages", PageRows())
evidence_sources.register("revisions", Versions())
evidence_sources.register("images", IMAGES)
evidence_sources.register("documents", DOCUMENTS)
evidence_sources.register("media", MEDIA)
outbox_consumers.register("log", LogFollower())
readiness_checks.register("evidence", evidence)
api_routers.register("evidence", ApiRoutes("evidence", make_router))
dashboard_panels.register("findings", FindingsPanel())
demo_content.register("evidence", DemoEvidence())
scheduled_jobs.register(
    "sign_root", ScheduledJob(label=SIGN, work=sign_root, at=datetime.time(0, 10))
)
scheduled_jobs.register(
    "check_portion",
    ScheduledJob(label=CHECK, work=check_portion, every=datetime.timedelta(minutes=10)),
)
backup_parts.register("log", BackupPart(after_restore=forget_what_the_table_has_not))
