"""The app's name in Django."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryApp(AppConfig):
    """Item groups, certificates, products, suppliers, labels: looked up and brought in."""

    name = "chorok.site.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"
