"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from chorok.site.purchases.views import imports, mappings, rejects, uploads

app_name = "purchases"
urlpatterns = [
    path("", imports.listed, name="list"),
    path("new/", uploads.new, name="new"),
    path("uploads/", uploads.begin, name="begin"),
    path("uploads/<uuid:key>/", uploads.upload, name="upload"),
    path("uploads/<uuid:key>/bytes/", uploads.piece, name="bytes"),
    path("uploads/<uuid:key>/dismiss/", uploads.dismiss, name="dismiss"),
    path("mappings/", mappings.listed, name="mappings"),
    path("mappings/<int:key>/", mappings.mapping, name="mapping"),
    path("mappings/<int:key>/file/", mappings.download, name="mapping_file"),
    path("mappings/<int:key>/delete/", mappings.delete, name="mapping_delete"),
    path("imports/<slug:batch>/", imports.account, name="account"),
    path("imports/<slug:batch>/file/", rejects.received, name="received"),
    path("imports/<slug:batch>/rejected/<int:part>/", rejects.rows, name="rejected"),
    path("imports/<slug:batch>/rejected/<int:part>/file/", rejects.download, name="rejects_file"),
    path("imports/<slug:batch>/undo/", imports.undo, name="undo"),
]
