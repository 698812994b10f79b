"""What a project may add to the start of a session."""

import pytest
from rest_framework.exceptions import APIException, PermissionDenied

from jwt_signin import services
from jwt_signin.models import Session
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


class SecondFactorRequired(APIException):
    status_code = 403
    default_code = "second_factor_required"
    default_detail = "Please confirm with your second factor."


def ask_for_a_code(user, request):
    if request is not None and request.data.get("code") != "123456":
        raise SecondFactorRequired


def forbid(user, request):
    raise PermissionDenied("not today", code="maintenance")


class TestBeforeSession:
    @pytest.fixture(autouse=True)
    def _hook(self, settings):
        settings.JWT_SIGNIN = {"BEFORE_SESSION": "tests.test_hooks.ask_for_a_code"}

    def test_it_refuses_with_an_error_of_its_own(self, api, ada):
        response = api.sign_in(username="ada")

        assert (response.status_code, response.json()) == (
            403,
            {"detail": "Please confirm with your second factor.", "code": "second_factor_required"},
        )
        assert not Session.objects.exists()

    def test_it_is_told_the_request(self, api, ada):
        assert api.sign_in(username="ada", code="123456").status_code == 200

    def test_it_is_not_asked_about_a_wrong_password(self, api, ada):
        response = api.sign_in(username="ada", password="wrong")

        assert response.json()["code"] == "invalid_credentials"

    def test_a_code_of_the_instance_is_kept(self, api, ada, settings):
        settings.JWT_SIGNIN = {"BEFORE_SESSION": "tests.test_hooks.forbid"}

        response = api.sign_in(username="ada")

        assert (response.status_code, response.json()["code"]) == (403, "maintenance")

    def test_whoever_proved_it_elsewhere_starts_the_session(self, ada):
        """As packages for second factors, passkeys and social accounts do."""
        assert services.start_session(ada).user == ada


class TestMaxSessions:
    @pytest.fixture(autouse=True)
    def _two(self, settings):
        settings.JWT_SIGNIN = {"MAX_SESSIONS_PER_USER": 2}

    def test_the_oldest_is_ended_beyond_it(self, ada, bob, clock):
        other = services.start_session(bob)
        pairs = []
        for _session in range(4):
            clock.shift(1)
            pairs.append(services.start_session(ada))

        live = {session.pk for session in services.live_sessions(ada)}

        assert live == {pair.access.session_id for pair in pairs[2:]}
        assert Session.objects.filter(revoke_reason="superseded").count() == 2
        assert services.check_access(str(other.access))[0] == bob

    def test_what_is_over_does_not_count(self, ada, clock):
        kept, ended = services.start_session(ada), services.start_session(ada)
        services.log_out(str(ended.access))

        services.start_session(ada)

        assert services.check_access(str(kept.access))[0] == ada

    def test_a_sign_in_that_fails_after_all_ends_nothing(self, ada, clock, settings):
        def fail(user, session):
            raise LookupError

        pairs = [services.start_session(ada) for _session in range(2)]
        settings.JWT_SIGNIN = settings.JWT_SIGNIN | {"CLAIMS": fail}
        clock.shift(1)

        with pytest.raises(LookupError):
            services.start_session(ada)

        settings.JWT_SIGNIN = {}
        for pair in pairs:
            assert services.check_access(str(pair.access))[0] == ada

    def test_its_reason_is_told(self, api, ada, clock):
        first = services.start_session(ada)
        for _session in range(2):
            clock.shift(1)
            services.sign_in(None, username="ada", password=PASSWORD)

        response = api.refresh(str(first.refresh))

        assert response.json()["reason"] == "superseded"


class TestClaims:
    def test_a_sign_in_whose_claims_fail_leaves_nothing_behind(self, ada, settings):
        def fail(user, session):
            raise LookupError

        settings.JWT_SIGNIN = {"CLAIMS": fail}

        with pytest.raises(LookupError):
            services.start_session(ada)

        ada.refresh_from_db()
        assert not Session.objects.exists()
        assert ada.last_login is None

    def test_they_are_told_the_session_that_begins(self, ada, settings):
        seen = []
        settings.JWT_SIGNIN = {"CLAIMS": lambda user, session: seen.append(session) or {}}

        pair = services.start_session(ada, label="kitchen")

        assert [(one.pk, one.user, one.label) for one in seen] == [
            (pair.access.session_id, ada, "kitchen")
        ]
