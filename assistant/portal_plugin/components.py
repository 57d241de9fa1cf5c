"""What this plugin enters into the portal's registries."""

from .index import registration

registration.register()
