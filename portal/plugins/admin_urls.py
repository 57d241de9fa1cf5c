from django.urls import path, re_path

from . import views

app_name = "plugins"
urlpatterns = [
    path("", views.PluginListView.as_view(), name="index"),
    path("<slug:slug>/", views.PluginDetailView.as_view(), name="detail"),
    re_path(
        r"^(?P<slug>[a-z0-9_]+)/(?P<place>platform|[0-9]+)/(?P<target>on|off)/$",
        views.SwitchView.as_view(),
        name="switch",
    ),
]
