from wagtail.users.apps import WagtailUsersAppConfig


class PortalUsersConfig(WagtailUsersAppConfig):
    """Wagtail's accounts and groups with our views, which keep the three powers apart."""

    user_viewset = "portal.core.admin.users.PortalUserViewSet"
    group_viewset = "portal.core.admin.users.PortalGroupViewSet"
