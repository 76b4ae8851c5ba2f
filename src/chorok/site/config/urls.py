"""All routes: one line an app."""

from __future__ import annotations

from django.urls import include, path

from chorok.site.config import views

urlpatterns = [
    path("api/", include("chorok.site.api.urls")),  # first: what is asked most often
    path("", views.home, name="home"),
    path("language/", views.choose_language, name="language"),
    path("health/", views.health, name="health"),
    path("health/ready/", views.ready, name="ready"),
    path("account/", include("chorok.site.accounts.entrance")),
    path("people/", include("chorok.site.accounts.urls")),
    path("organisations/", include("chorok.site.organisations.urls")),
    path("registry/", include("chorok.site.registry.urls")),
    path("purchases/", include("chorok.site.purchases.urls")),
    path("reviews/", include("chorok.site.reviews.urls")),
    path("performance/", include("chorok.site.performance.urls")),
    path("periods/", include("chorok.site.periods.urls")),
    path("goals/", include("chorok.site.goals.urls")),
    path("screening/", include("chorok.site.screening.urls")),
    path("fulfilment/", include("chorok.site.fulfilment.urls")),
    path("assessments/", include("chorok.site.assessments.urls")),
    path("notices/", include("chorok.site.notices.urls")),
    path("audit/", include("chorok.site.audit.urls")),
    path("jobs/", include("chorok.site.jobs.urls")),
    path("webhooks/", include("chorok.site.webhooks.urls")),
    path("look/", include("chorok.site.config.look_urls")),
]
