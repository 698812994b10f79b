"""The one table of the floor."""

import uuid

from django.conf import settings
from django.db import models


class Chain(models.Model):
    """One sign-in: what has to be stored for rotation, revocation and a list, and no more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    generation = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    rotated_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return str(self.pk)
