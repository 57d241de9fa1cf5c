"""What this plugin enters into the portal's registries."""

from . import task_registration
from .index import registration

registration.register()
task_registration.register()
