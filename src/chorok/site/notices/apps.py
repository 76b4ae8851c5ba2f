"""The app's name in Django."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesApp(AppConfig):
    """What waits for whom: short notes with a link."""

    name = "chorok.site.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
