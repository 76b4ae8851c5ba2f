import uuid

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from chorok.site.audit import seals


def seal(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    seals.put(schema_editor.connection)


def unseal(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    seals.lift(schema_editor.connection)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Announcement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField(unique=True)),
                ("since", models.BigIntegerField()),
                ("holder", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            name="Landing",
            fields=[
                ("snapshot", models.BigIntegerField(primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("on_behalf", models.BigIntegerField(null=True)),
                (
                    "via",
                    models.CharField(
                        choices=[("page", "Page"), ("token", "Token"), ("command", "Command"), ("system", "System")],
                        max_length=10,
                    ),
                ),
                ("action", models.CharField(max_length=80)),
                ("subject_kind", models.CharField(blank=True, max_length=40)),
                ("subject_id", models.CharField(blank=True, max_length=200)),
                ("organisation", models.CharField(blank=True, max_length=40)),
                ("facts", models.TextField(default="{}")),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organisation", "seq"], name="event_organisation"),
                    models.Index(fields=["actor_id", "seq"], name="event_actor"),
                    models.Index(fields=["action", "seq"], name="event_action"),
                    models.Index(fields=["at"], name="event_at"),
                    models.Index(fields=["subject_kind", "subject_id"], name="event_subject"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("hash",), name="event_hash_once"),
                    models.CheckConstraint(condition=models.Q(("seq__gt", 0)), name="event_seq_positive"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField(default=0)),
                (
                    "hash",
                    models.CharField(
                        default="0000000000000000000000000000000000000000000000000000000000000000", max_length=64
                    ),
                ),
                ("site", models.UUIDField(default=uuid.uuid4)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="head_only_one")],
            },
        ),
        migrations.RunPython(seal, unseal),
    ]
