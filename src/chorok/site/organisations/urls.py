"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from chorok.site.organisations.views import changes, tree

app_name = "organisations"
urlpatterns = [
    path("", tree.index, name="index"),
    path("import/", changes.upload, name="import"),
    path("called/", changes.called, name="called"),
    path("begin/", changes.begin, name="begin"),
    path("changes/", changes.changes, name="changes"),
    path("changes/<int:pk>/", changes.draft, name="draft"),
    path("changes/<int:pk>/confirm/", changes.confirm, name="confirm"),
    path("changes/<int:pk>/discard/", changes.discard, name="discard"),
    path("changes/<int:pk>/undo/", changes.undo, name="undo"),
    path("one/<str:code>/", tree.one, name="one"),
    path("one/<str:code>/profile/", tree.profile, name="profile"),
    path("one/<str:code>/<slug:verb>/", changes.change, name="change"),
]
