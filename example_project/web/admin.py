"""The users in Django's admin: a password that is changed there ends its sessions."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from web.models import User

admin.site.register(User, UserAdmin)
