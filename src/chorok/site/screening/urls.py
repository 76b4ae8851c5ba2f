"""Routes of this app."""

from __future__ import annotations

from django.urls import path

from chorok.site.screening.views import (
    ask,
    contracts,
    dossier,
    files,
    inbox,
    look,
    mine,
    papers,
    papers_out,
    policies,
    request,
    rollout,
)

app_name = "screening"
urlpatterns = [
    path("", ask.ask, name="ask"),
    path("new/", ask.new, name="new"),
    path("upload/", files.upload, name="upload"),
    path("upload/<str:token>/", files.opened, name="file"),
    path("last-year/", ask.last_year, name="last_year"),
    path("mine/", mine.listed, name="mine"),
    path("<int:pk>/edit/", look.edit, name="edit"),
    path("<int:pk>/withdraw/", look.withdraw, name="withdraw"),
    path("<int:pk>/copy/", look.copy, name="copy"),
    path("papers/<int:pk>/", papers.paper, name="paper"),
    path("inbox/", inbox.index, name="inbox"),
    path("inbox/bulk/", inbox.in_bulk, name="bulk"),
    path("frameworks/", contracts.index, name="frameworks"),
    path("policies/", policies.index, name="policies"),
    path("policies/adopt/", policies.adopt, name="adopt"),
    path("policies/<int:pk>/", policies.show, name="policy"),
    path("policies/<int:pk>/end/", policies.end, name="end_policy"),
    path("roll-out/", rollout.index, name="rollout"),
    path("<int:pk>/", request.show, name="request"),
    path("<int:pk>/act/", request.act, name="act"),
    path("<int:pk>/remind/", request.remind, name="remind"),
    path("<int:pk>/framework/", contracts.grant, name="grant"),
    path("<int:pk>/record/", dossier.show, name="record"),
    path("<int:pk>/record.json", dossier.download, name="record_file"),
    path("<int:pk>/sheet.<str:ending>", papers_out.sheet, name="sheet"),
    path("<int:pk>/statement.<str:ending>", papers_out.statement, name="statement"),
]
