"""The app's name in Django."""

from __future__ import annotations

from django.apps import AppConfig


class ReviewsApp(AppConfig):
    """Undetermined products: decided once for all of their lines, above an amount by two people."""

    name = "chorok.site.reviews"
    label = "reviews"
    default_auto_field = "django.db.models.BigAutoField"
