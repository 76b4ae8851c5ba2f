"""The routes of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from chorok.site.performance.views import dashboard, items, lines, network

app_name = "performance"
urlpatterns: list[URLPattern] = [
    path("", dashboard.dashboard, name="dashboard"),
    path("items/", items.items, name="items"),
    path("potential/", items.what_could_be, name="potential"),
    path("compare/", items.compare, name="compare"),
    path("quality/", dashboard.data_quality, name="quality"),
    path("figure/", lines.figure, name="figure"),
    path("lines/", lines.lines, name="lines"),
    path("lines/<int:line_id>/", lines.line, name="line"),
    path("lines/<slug:form>/", lines.download, name="download_lines"),
    path("network/", network.network, name="network"),
    path("network/<slug:name>/<slug:form>/", network.download, name="download_network"),
    path("releases/", network.releases, name="releases"),
    path("releases/<int:release_id>/revoke/", network.revoke, name="revoke"),
    path("table/<slug:name>/<slug:form>/", items.download, name="download"),
]
