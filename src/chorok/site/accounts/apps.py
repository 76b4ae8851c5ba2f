"""The app's name in Django."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsApp(AppConfig):
    """People, their roles, and what each may do."""

    name = "chorok.site.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to sign-ins."""
        from chorok.site.accounts import signing

        signing.listen()
