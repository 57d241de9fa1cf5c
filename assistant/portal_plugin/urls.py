"""Below ``/assistant/``. Reversed as ``assistant:<name>``."""

from django.urls import path, register_converter

from . import answer_views, browse_views, conversation_views, data_views, widget_views

register_converter(browse_views.LanguageConverter, "assistant_language")
_IN = "questions/<assistant_language:language>/"

urlpatterns = [
    path("", conversation_views.ask, name="ask"),
    path("conversations/<uuid:conversation_id>/", conversation_views.show, name="conversation"),
    path("widget.js", widget_views.embed_script, name="widget_script"),
    path("answers/<str:answer_id>/", answer_views.show, name="answer"),
    path("answers/<str:answer_id>/choose/", answer_views.choose_entry, name="choose"),
    path("answers/<str:answer_id>/translate/", answer_views.translate, name="translate"),
    path("answers/<str:answer_id>/feedback/", answer_views.feedback, name="feedback"),
    path("answers/<str:answer_id>/feed/", answer_views.feed, name="feed"),
    # --- what is held of a conversation
    path("conversations/<uuid:conversation_id>/data/", data_views.show, name="data"),
    path("conversations/<uuid:conversation_id>/data/export/", data_views.export, name="export"),
    path("conversations/<uuid:conversation_id>/data/forget/", data_views.forget, name="forget"),
    path("forgotten/", data_views.forgotten, name="forgotten"),
    # --- the knowledge base
    path("questions/", browse_views.browse, name="browse"),
    path(_IN, browse_views.browse, name="browse_in"),
    path("questions/<int:pk>/useful/", browse_views.useful, name="useful"),
    path("questions/<int:pk>/thanks/", browse_views.thanks, name="thanks"),
    path(f"{_IN}<int:pk>/thanks/", browse_views.thanks, name="thanks_in"),
    path("questions/<int:pk>/why/", browse_views.thanks, {"asks_why": True}, name="why"),
    path(f"{_IN}<int:pk>/why/", browse_views.thanks, {"asks_why": True}, name="why_in"),
    path("questions/<slug:slug>/", browse_views.topic, name="topic"),
    path("questions/<slug:slug>/page/<int:number>/", browse_views.topic, name="topic_page"),
    path(f"{_IN}<slug:slug>/", browse_views.topic, name="topic_in"),
    path(f"{_IN}<slug:slug>/page/<int:number>/", browse_views.topic, name="topic_page_in"),
]
