"""The users of the project: Django's own, but for the e-mail address."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Signs in by name or by e-mail address, which therefore is nobody else's."""

    email = models.EmailField(_("email address"), unique=True)
