"""``manage.py create_demo_user``: someone to sign in as."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Creates the demo user, unless there is one; in development, one for the admin as well."""

    help = "Create the user demo (demo@example.com) with the password demo-password."

    def handle(self, *args, **options):
        users = get_user_model().objects
        if not users.filter(username="demo").exists():
            users.create_user("demo", "demo@example.com", "demo-password")
        if settings.DEBUG and not users.filter(username="admin").exists():
            users.create_superuser("admin", "admin@example.com", "admin-password")
        self.stdout.write(
            "Sign in as demo or demo@example.com with demo-password\n"
            "demo 또는 demo@example.com, 비밀번호 demo-password 로 로그인하십시오"
        )
        if settings.DEBUG:
            self.stdout.write("/admin/: admin, admin-password")
