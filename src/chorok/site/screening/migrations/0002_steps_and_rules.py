import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("verb", models.CharField(max_length=20)),
                ("office", models.CharField(max_length=40)),
                ("stage", models.CharField(blank=True, max_length=20)),
                ("at", models.DateTimeField()),
                ("on", models.DateField()),
                ("version", models.PositiveIntegerField()),
                ("before", models.CharField(max_length=10)),
                ("after", models.CharField(max_length=10)),
                ("remark", models.TextField(blank=True)),
                ("numbers", models.JSONField(default=list)),
                ("lines", models.JSONField(default=list)),
                (
                    "behalf",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="screening.request"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stage", models.CharField(max_length=20)),
                ("office", models.CharField(max_length=40)),
                ("place", models.CharField(max_length=40)),
                ("since", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("reminded_on", models.DateField(blank=True, null=True)),
                ("forwarded", models.BooleanField(default=False)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="waiting", to="screening.request"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="adoption",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__isnull", True), ("until__gt", models.F("since")), _connector="OR"),
                name="adoption_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="framework",
            constraint=models.UniqueConstraint(
                fields=("organisation", "reference", "item_group"), name="framework_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="framework",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="framework_amount"),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(fields=["organisation", "state"], name="request_place"),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(fields=["requester", "state"], name="request_own"),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        (
                            "draft",
                            "returned",
                            "rejected",
                            "awaiting",
                            "passed",
                            "approved",
                            "overridden",
                            "recorded",
                            "refused",
                            "withdrawn",
                            "closed",
                        ),
                    )
                ),
                name="request_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="request_titled"),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(condition=models.Q(("version__gte", 1)), name="request_version"),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.UniqueConstraint(fields=("request", "number"), name="request_line"),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("closed_how", "")),
                    models.Q(models.Q(("closed_how", ""), _negated=True), ("closed_at__isnull", False)),
                    _connector="OR",
                ),
                name="request_line_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_how", ""), ("closed_finding", models.F("outcome")), _connector="OR"),
                name="request_line_closed_for_what_it_is",
            ),
        ),
        migrations.AddIndex(
            model_name="waiting",
            index=models.Index(fields=["office", "place"], name="waiting_inbox"),
        ),
        migrations.AddConstraint(
            model_name="waiting",
            constraint=models.UniqueConstraint(fields=("request", "stage", "office"), name="waiting_once"),
        ),
    ]
