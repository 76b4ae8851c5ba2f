import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=60)),
                ("params", models.JSONField(default=dict)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("organisation", models.CharField(blank=True, max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("step", models.CharField(blank=True, max_length=60)),
                ("done", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(default=0)),
                ("heartbeat", models.DateTimeField(null=True)),
                ("worker", models.CharField(blank=True, max_length=100)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("result", models.JSONField(default=dict)),
                ("error", models.CharField(blank=True, max_length=60)),
                ("error_params", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "heartbeat"], name="job_state"),
                    models.Index(fields=["actor_id", "-created_at"], name="job_actor"),
                    models.Index(fields=["organisation", "-created_at"], name="job_organisation"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("done__gte", 0), ("total__gte", 0)), name="job_progress"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state__in", ("queued", "running"))),
                            models.Q(
                                models.Q(("state__in", ("queued", "running")), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="job_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "failed"), ("error", ""), _connector="OR"), name="job_error"
                    ),
                ],
            },
        ),
    ]
