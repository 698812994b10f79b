"""The list of sessions: look and end, never edit."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import path
from django.utils import translation
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from jwt_signin import services
from jwt_signin.models import Session
from tests.conftest import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.test_admin")]

LIST = "/admin/jwt_signin/session/"

urlpatterns = [path("admin/", admin.site.urls)]


@pytest.fixture(autouse=True)
def _middleware(settings):
    settings.MIDDLEWARE = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ]


@pytest.fixture
def staff(client):
    """Sign a member of staff in who has the permissions that are named."""

    def sign_in(*permissions):
        user = make_user("staff", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def target(pair):
    return Session.objects.get()


def end(client, session, **headers):
    fields = {"action": "end_sessions", "_selected_action": [str(session.pk)]}
    return client.post(LIST, fields, follow=True, headers=headers)


def test_who_may_view_sees_the_list_and_the_row(staff, target):
    client = staff("view_session")

    assert target.user.get_username() in client.get(LIST).content.decode()
    assert client.get(f"{LIST}{target.pk}/change/").status_code == 200


def test_no_secret_is_shown(staff, target):
    page = staff("view_session").get(f"{LIST}{target.pk}/change/").content.decode()

    for name in ("secret_hash", "auth_hash", "rotation_key"):
        assert name not in page
        assert str(bytes(getattr(target, name) or b"absent")) not in page


def test_without_permission_nothing_is_seen(staff, target):
    assert staff().get(LIST).status_code == 403


@pytest.mark.parametrize("url", ["add/", "{pk}/change/", "{pk}/delete/"])
def test_nothing_is_edited(staff, target, url):
    client = staff("view_session", "add_session", "change_session", "delete_session")

    response = client.post(LIST + url.format(pk=target.pk), {"generation": 9, "post": "yes"})

    assert response.status_code == 403
    assert Session.objects.get().generation == 0


def test_a_user_with_sessions_is_deleted_all_the_same(client, ada, pair):
    client.force_login(make_user("root", is_staff=True, is_superuser=True))

    response = client.post(f"/admin/auth/user/{ada.pk}/delete/", {"post": "yes"})

    assert response.status_code == 302
    assert not Session.objects.exists()


def test_who_may_change_ends_a_session(staff, target, pair):
    response = end(staff("view_session", "change_session"), target)

    assert "1 session was ended." in response.content.decode()
    target.refresh_from_db()
    assert target.revoke_reason == "admin"


def test_who_may_view_alone_ends_nothing(staff, target):
    end(staff("view_session"), target)

    target.refresh_from_db()
    assert target.revoked_at is None


@pytest.mark.parametrize(
    ("words", "found"), [("ada", 1), ("nobody", 0), ("Firefox", 1), ("192.0.2", 0)]
)
def test_it_is_searched_by_whom_and_with_what(staff, ada, words, found):
    services.start_session(ada, label="Firefox on Linux")

    response = staff("view_session").get(LIST, {"q": words})

    assert response.context["cl"].result_count == found


@pytest.mark.parametrize("language", ["de", "es", "fr", "ja", "ko", "pt-br", "zh-hans"])
def test_it_is_read_in_the_language_of_the_staff(staff, target, language):
    client = staff("view_session", "change_session")
    asked = {"Accept-Language": language}

    page = client.get(LIST, headers=asked).content.decode()
    ended = end(client, target, **asked).content.decode()

    target.refresh_from_db()
    with translation.override(language):
        heading = capfirst(target._meta.get_field("rotated_at").verbose_name)
        listed = [gettext("End the selected sessions"), gettext("JWT sign-in"), heading]
        count = ngettext("%d session was ended.", "%d sessions were ended.", 1) % 1
        told = [count, target.get_revoke_reason_display()]
    assert all(str(escape(text)) in page for text in listed)
    assert all(str(escape(text)) in ended for text in told)
    assert "End the selected sessions" not in page
