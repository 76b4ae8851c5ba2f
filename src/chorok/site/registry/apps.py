"""The app's name in Django."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryApp(AppConfig):
    """Item groups, certificates, products, suppliers, labels: looked up and brought in."""

    name = "chorok.site.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Stand around the ledger writes of all apps."""
        from chorok.site.audit import announcing
        from chorok.site.registry import writing

        announcing.AROUND.append(writing.kept_around)
