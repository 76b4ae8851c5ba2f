"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from chorok.site.goals.views import core_items, forecast, plans, replay, scores, targets

app_name = "goals"
urlpatterns = [
    path("targets/", targets.index, name="targets"),
    path("targets/one/", targets.one, name="target"),
    path("targets/set/", targets.set_target, name="set_target"),
    path("targets/suggest/", targets.suggest, name="suggest"),
    path("core-items/", core_items.index, name="core_items"),
    path("core-items/adopt/", core_items.adopt, name="adopt"),
    path("scorecard/", scores.index, name="scorecard"),
    path("forecast/", forecast.index, name="forecast"),
    path("replay/", replay.index, name="replay"),
    path("replay/make/", replay.make, name="make_replay"),
    path("replay/lines/", replay.lines, name="replay_lines"),
    path("plans/", plans.index, name="plans"),
    path("plans/new/", plans.make, name="make_plan"),
    path("plans/<int:number>/", plans.one, name="plan"),
    path("plans/<int:number>/change/", plans.change, name="change_plan"),
    path("plans/<int:number>/close/", plans.close, name="close_plan"),
    path("plans/<int:number>/reopen/", plans.reopen, name="reopen_plan"),
    path("plans/<int:number>/steps/", plans.step, name="step"),
    path("plans/<int:number>/steps/<int:step>/", plans.step, name="change_step"),
    path("plans/<int:number>/steps/<int:step>/done/", plans.step_done, name="step_done"),
    path("plans/<int:number>/steps/<int:step>/drop/", plans.drop_step, name="drop_step"),
]
