"""The application as web servers call it."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from chorok.ledger import engines

# Requests are answered side by side: one that reads the ledger may not take all cores and memory from the others.
engines.bound(threads=1, memory_limit="1GB")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chorok.site.config.settings")
application = get_wsgi_application()
