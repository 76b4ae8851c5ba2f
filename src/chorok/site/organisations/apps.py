"""The app's name in Django."""

from __future__ import annotations

from django.apps import AppConfig


class OrganisationsApp(AppConfig):
    """The tree of organisations and what is known of each."""

    name = "chorok.site.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"
