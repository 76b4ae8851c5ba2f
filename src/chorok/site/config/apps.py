"""The app's name in Django."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigApp(AppConfig):
    """Settings, the start page, and what all pages share: language, ledger, navigation, look."""

    name = "chorok.site.config"
    label = "config"
    default_auto_field = "django.db.models.BigAutoField"
