"""The table of notices."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=80)),
                ("organisation", models.CharField(blank=True, max_length=40)),
                ("params", models.JSONField(default=dict)),
                ("url", models.CharField(max_length=300)),
                ("told_at", models.DateTimeField(auto_now_add=True)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-told_at", "-pk"],
                "indexes": [models.Index(fields=["user", "seen_at"], name="notice_waiting")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("url", ""), _negated=True), name="notice_leads_somewhere"
                    )
                ],
            },
        ),
    ]
