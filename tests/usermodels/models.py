"""User models other than Django's own: settings of the same name choose one for a run."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Manager(BaseUserManager):
    def create_user(self, password=None, **fields):
        user = self.model(**fields)
        user.set_password(password)
        user.save()
        return user


class EmailUser(AbstractBaseUser):
    """Signs in by e-mail address."""

    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    USERNAME_FIELD = "email"
    objects = Manager()


class UUIDUser(AbstractBaseUser):
    """Has a UUID for a key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    username = models.CharField(max_length=150, unique=True)
    email = models.EmailField()
    is_active = models.BooleanField(default=True)
    USERNAME_FIELD = "username"
    objects = Manager()


class BareUser(AbstractBaseUser):
    """Has neither ``is_active`` nor ``last_login``, and a key of another name."""

    number = models.BigAutoField(primary_key=True)
    handle = models.SlugField(unique=True)
    last_login = None
    USERNAME_FIELD = "handle"
    objects = Manager()
