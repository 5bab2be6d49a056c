import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from gongmo.migrating import TablesMigration


class Migration(TablesMigration):
    initial = True

    dependencies = [
        ("files", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("display_name", models.CharField(max_length=80)),
                ("language", models.CharField(default="ko", max_length=2)),
                ("is_active", models.BooleanField(default=True)),
                ("invented", models.BooleanField(default=False)),
                ("joined_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                ("code", models.CharField(max_length=6, primary_key=True, serialize=False)),
                ("ko", models.CharField(max_length=40)),
                ("en", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=40)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="parties.region",
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="region_valid_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("metropolitan_government", "metropolitan_government"),
                            ("basic_government", "basic_government"),
                            ("regional_innovation_agency", "regional_innovation_agency"),
                            ("university", "university"),
                            ("research_institute", "research_institute"),
                            ("company", "company"),
                            ("public_institution", "public_institution"),
                            ("association", "association"),
                            ("other", "other"),
                        ],
                        max_length=40,
                    ),
                ),
                ("business_number", models.CharField(blank=True, max_length=10, null=True, unique=True)),
                ("corporate_number", models.CharField(blank=True, max_length=13)),
                ("founded_on", models.DateField(blank=True, null=True)),
                ("address", models.CharField(blank=True, max_length=300)),
                ("representative_title", models.CharField(blank=True, max_length=60)),
                ("invented", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organisations",
                        to="parties.region",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=30)),
                ("representative_name", models.CharField(blank=True, max_length=60)),
                ("website", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("business_number", ""), _negated=True),
                        name="organisation_business_number_not_empty",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "owner"),
                            ("writer", "writer"),
                            ("signer", "signer"),
                            ("viewer", "viewer"),
                        ],
                        max_length=10,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="parties.membership",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="parties.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("person", "organisation"),
                        name="membership_once_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("ministry", "ministry"),
                            ("agency", "agency"),
                            ("task_force", "task_force"),
                            ("applicant", "applicant"),
                            ("evaluator", "evaluator"),
                            ("operator", "operator"),
                            ("system", "system"),
                            ("public", "public"),
                        ],
                        max_length=12,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="parties.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("organisation__isnull", False), ("until__isnull", True)),
                        fields=("person", "role", "organisation"),
                        name="grant_once_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("organisation__isnull", True), ("until__isnull", True)),
                        fields=("person", "role"),
                        name="grant_without_organisation_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("business_registration", "business_registration"),
                            ("national_tax", "national_tax"),
                            ("local_tax", "local_tax"),
                            ("accounts", "accounts"),
                            ("sme", "sme"),
                            ("other", "other"),
                        ],
                        max_length=24,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=100)),
                ("number", models.CharField(blank=True, max_length=60)),
                ("issued_on", models.DateField(blank=True, null=True)),
                ("expires_on", models.DateField(blank=True, null=True)),
                ("file_name", models.CharField(max_length=200)),
                ("added_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="parties.organisation",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="parties.certificate",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organisation", "ended_at"], name="certificate_current")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("issued_on__isnull", True),
                            ("expires_on__isnull", True),
                            ("expires_on__gte", models.F("issued_on")),
                            _connector="OR",
                        ),
                        name="certificate_days_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("member", "member"),
                            ("hand_over", "hand_over"),
                            ("organisation", "organisation"),
                        ],
                        max_length=12,
                    ),
                ),
                ("secret", models.CharField(max_length=64, unique=True)),
                ("role", models.CharField(blank=True, max_length=10)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("business_number", models.CharField(blank=True, max_length=10)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("topic", models.CharField(blank=True, max_length=60)),
                ("reference", models.CharField(blank=True, max_length=60)),
                ("next", models.CharField(blank=True, max_length=300)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "accepted_for",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.organisation",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="parties.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organisation", "purpose"], name="invitation_of_organisation"),
                    models.Index(fields=["topic", "reference"], name="invitation_topic"),
                ],
            },
        ),
    ]
