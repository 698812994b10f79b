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


class NumberedUser(AbstractBaseUser):
    """Signs in by a number."""

    number = models.BigIntegerField(unique=True)
    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    USERNAME_FIELD = "number"
    objects = Manager()


class Whispered(models.CharField):
    """Stores in capitals what the instance has in small letters."""

    def get_prep_value(self, value):
        return super().get_prep_value(value).upper()

    def from_db_value(self, value, expression, connection):
        return value.lower()


class Person(models.Model):
    """The table that holds half of a ``MemberUser``."""

    username = Whispered(max_length=150, unique=True)
    born_at = models.DateTimeField(null=True)

    def __str__(self):
        return self.username


class Hiding(Manager):
    """Leaves out a column, and hides who is not of age."""

    def get_queryset(self):
        return super().get_queryset().defer("email").exclude(born_at__year=2020)


class MemberUser(Person, AbstractBaseUser):
    """Lives in two tables, with a column that is converted, behind a manager of its own."""

    email = models.EmailField()
    is_active = models.BooleanField(default=True)
    balance = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    USERNAME_FIELD = "username"
    objects = Hiding()

    def __str__(self):
        return self.username
