"""The gallery of components: where it is worked on and tested, nowhere else."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from chorok.site.config.gallery import gallery

app_name = "look"
urlpatterns: list[URLPattern] = [path("", gallery, name="gallery")] if settings.DEBUG or settings.TESTING else []
