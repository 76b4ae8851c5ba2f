"""Routes of this app."""

from __future__ import annotations

from django.urls import path

from chorok.site.assessments.views import bills, lines, papers, points, projects

app_name = "assessments"
urlpatterns = [
    path("", projects.listed, name="list"),
    path("new/", projects.new, name="new"),
    path("points/", points.index, name="points"),
    path("points/<int:pk>/", points.one, name="point"),
    path("points/<int:pk>/close/", points.close, name="close_point"),
    path("points/<int:pk>/reopen/", points.reopen, name="reopen_point"),
    path("<int:pk>/", projects.show, name="project"),
    path("<int:pk>/change/", projects.change, name="change"),
    path("<int:pk>/aside/", projects.aside, name="aside"),
    path("<int:pk>/run/", bills.again, name="run"),
    path("<int:pk>/compare/", bills.compare, name="compare"),
    path("<int:pk>/mark/", lines.mark, name="mark"),
    path("<int:pk>/lines/<int:number>/", lines.one, name="line"),
    path("<int:pk>/lines/<int:number>/split/", lines.split, name="split"),
    path("<int:pk>/lines/<int:number>/remove/", lines.remove, name="remove"),
    path("<int:pk>/lines/<int:number>/proof/", lines.proof, name="proof"),
    path("<int:pk>/lines/<int:number>/unproof/", lines.unproof, name="unproof"),
    path("<int:pk>/clause/", papers.clause, name="clause"),
    path("<int:pk>/clause/<slug:form>/", papers.download, name="clause_file"),
    path("<int:pk>/request/", papers.request_of, name="request"),
]
