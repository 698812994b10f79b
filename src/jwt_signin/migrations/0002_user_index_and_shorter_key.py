import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Lead from a user to his sessions past those that were ended, and keep less of a key."""

    dependencies = [
        ("jwt_signin", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    # The new one first: MySQL wants an index under a foreign key at every moment.
    operations = [
        migrations.AddIndex(
            model_name="session",
            index=models.Index(fields=["user", "revoked_at"], name="jwt_signin_session_user"),
        ),
        migrations.AlterField(
            model_name="session",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="jwt_sessions",
                to=settings.AUTH_USER_MODEL,
                verbose_name="user",
            ),
        ),
        migrations.AlterField(
            model_name="session",
            name="rotation_key",
            field=models.BinaryField(max_length=8, null=True, verbose_name="rotation key"),
        ),
    ]
