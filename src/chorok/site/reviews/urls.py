"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from chorok.site.reviews.views import product, queue, stages, upload

app_name = "reviews"
urlpatterns = [
    path("", queue.index, name="index"),
    path("list.csv", queue.export, {"ending": "csv"}, name="csv"),
    path("list.xlsx", queue.export, {"ending": "xlsx"}, name="xlsx"),
    path("upload/", upload.upload, name="upload"),
    path("waiting/", stages.waiting, name="waiting"),
    path("ready/", stages.ready, name="ready"),
    path("publish/", stages.publish, name="publish"),
    path("history/", stages.history, name="history"),
    path("policy/", stages.policy, name="policy"),
    path("products/<int:key>/", product.product, name="product"),
    path("products/<int:key>/decide/", product.decide, name="decide"),
    path("<int:pk>/confirm/", stages.confirm, name="confirm"),
    path("<int:pk>/return/", stages.send_back, name="send_back"),
    path("<int:pk>/withdraw/", stages.withdraw, name="withdraw"),
    path("<int:pk>/undo/", stages.undo, name="undo"),
]
