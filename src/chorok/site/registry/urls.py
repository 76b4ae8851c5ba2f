"""The routes of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from chorok.site.registry.views import definitions, groups, labels, lists, products, search, versions

app_name = "registry"
urlpatterns: list[URLPattern] = [
    path("", search.search, name="search"),
    path("products/<str:key>/", products.product, name="product"),
    path("certificates/<path:key>/", products.certificate, name="certificate"),
    path("suppliers/<str:key>/", products.supplier, name="supplier"),
    path("groups/", groups.listed, name="groups"),
    path("groups/<str:code>/", groups.group, name="group"),
    path("groups/<str:code>/guide/", groups.guide, name="guide"),
    path("definitions/", definitions.listed, name="definitions"),
    path("definitions/<slug:name>/", definitions.definition, name="definition"),
    path("labels/", labels.labels, name="labels"),
    path("lists/", lists.lists, name="lists"),
    path("lists/<uuid:key>/", lists.one, name="list"),
    path("lists/<uuid:key>/confirm/", lists.confirm, name="confirm"),
    path("lists/<uuid:key>/dismiss/", lists.dismiss, name="dismiss"),
    path("templates/<slug:name>/", lists.template, name="template"),
    path("versions/", versions.versions, name="versions"),
    path("versions/<int:number>/", versions.version, name="version"),
    path("versions/<int:number>/restore/", versions.restore, name="restore"),
    path("take-over/", versions.take_over, name="take_over"),
]
