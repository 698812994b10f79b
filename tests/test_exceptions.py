"""The refusals: one class a cause, one code a class, and one body for all of them."""

import uuid

import pytest
from rest_framework import exceptions as drf
from rest_framework_simplejwt.exceptions import InvalidToken

from jwt_signin import exceptions
from jwt_signin.exceptions import describe

OURS = {
    exceptions.InvalidRequest: (400, "invalid_request"),
    exceptions.RequestTooLarge: (413, "request_too_large"),
    exceptions.InvalidCredentials: (401, "invalid_credentials"),
    exceptions.TokenNotValid: (401, "token_not_valid"),
    exceptions.TokenExpired: (401, "token_expired"),
    exceptions.RefreshMissing: (401, "refresh_missing"),
    exceptions.RefreshNotValid: (401, "refresh_not_valid"),
    exceptions.RefreshExpired: (401, "refresh_expired"),
    exceptions.SessionRevoked: (401, "session_revoked"),
    exceptions.Unavailable: (503, "unavailable"),
    exceptions.SessionNotFound: (404, "not_found"),
}
REFUSED_TOKENS = [
    kind
    for kind, (status, _) in OURS.items()
    if status == 401 and kind not in {exceptions.InvalidCredentials, exceptions.RefreshMissing}
]


def name_of(kind):
    return kind.__name__


class TestRefusals:
    @pytest.mark.parametrize("kind", OURS, ids=name_of)
    def test_each_has_its_status_and_code(self, kind):
        refusal = kind()

        assert (refusal.status_code, refusal.body["code"]) == OURS[kind]
        assert refusal.body["detail"]

    @pytest.mark.parametrize("kind", OURS, ids=name_of)
    def test_the_detail_is_the_whole_body(self, kind):
        """REST framework's handler answers a detail that is a dictionary as it stands."""
        refusal = kind()

        assert refusal.detail == refusal.body == describe(refusal)

    @pytest.mark.parametrize("kind", REFUSED_TOKENS, ids=name_of)
    def test_a_projects_handler_may_ask_for_the_codes(self, kind):
        refusal = kind()

        assert set(refusal.get_codes().values()) == {OURS[kind][1]}
        assert refusal.get_full_details()["detail"]["code"] == OURS[kind][1]

    @pytest.mark.parametrize("kind", OURS, ids=name_of)
    def test_every_401_is_an_authentication_failure_of_rest_framework(self, kind):
        """Only of those does REST framework send ``WWW-Authenticate``."""
        is_failure = issubclass(kind, drf.AuthenticationFailed)

        assert is_failure == (OURS[kind][0] == 401)

    def test_only_a_presented_token_is_called_invalid(self):
        """RFC 6750 section 3.1."""
        failures = [kind for kind in OURS if issubclass(kind, exceptions.Unauthorized)]

        assert [kind for kind in failures if kind.token_presented] == REFUSED_TOKENS

    def test_the_session_is_for_the_log_and_not_for_the_body(self):
        session_id = uuid.uuid4()

        refusal = exceptions.TokenNotValid(session_id=session_id)

        assert refusal.session_id == session_id
        assert set(refusal.body) == {"detail", "code"}

    def test_a_session_is_revoked_for_a_reason(self):
        session_id = uuid.uuid4()

        refusal = exceptions.SessionRevoked("logged_out", session_id=session_id)

        assert (refusal.body["reason"], refusal.session_id) == ("logged_out", session_id)
        assert set(refusal.body) == {"detail", "code", "reason"}

    def test_a_session_that_is_gone_has_no_reason(self):
        assert set(exceptions.SessionRevoked().body) == {"detail", "code"}

    def test_the_fields_of_a_request_are_told(self):
        body = exceptions.InvalidRequest(fields={"password": ["?"]}).body

        assert body["fields"] == {"password": ["?"]}

    def test_what_is_unavailable_may_be_asked_for_later(self):
        assert exceptions.Unavailable().body["retry_after"] == exceptions.RETRY_AFTER


class TestDescribe:
    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (drf.AuthenticationFailed(), "authentication_failed"),
            (drf.NotAcceptable(), "not_acceptable"),
            (drf.PermissionDenied("Not on Sundays."), "permission_denied"),
            (drf.Throttled(), "throttled"),
            (drf.APIException(), "error"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_rest_frameworks_own_have_its_sentence_and_code(self, error, code):
        assert describe(error) == {"detail": str(error.detail), "code": code}

    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (drf.NotAuthenticated(), "not_authenticated"),
            (drf.PermissionDenied(), "permission_denied"),
            (drf.NotFound(), "not_found"),
            (drf.MethodNotAllowed("PUT"), "method_not_allowed"),
            (drf.UnsupportedMediaType("text/plain\x1b"), "unsupported_media_type"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_those_of_the_endpoints_have_its_code_and_a_sentence_of_ours(self, error, code):
        """Not all of its sentences are to be had in every language, and some quote the request."""
        body = describe(error)

        assert body["code"] == code
        assert body["detail"].isprintable()
        assert body["detail"] != str(error.detail)

    @pytest.mark.parametrize(
        ("wait", "seconds"), [(30, 30), (0.2, 1), (59.01, 60), (0, 0)], ids=str
    )
    def test_a_throttled_client_is_told_when_to_come_again(self, wait, seconds):
        body = describe(drf.Throttled(wait))

        assert (body["code"], body["retry_after"]) == ("throttled", seconds)

    def test_a_wait_set_afterwards_is_rounded_up_as_well(self):
        error = drf.Throttled()
        error.wait = 1.5

        assert describe(error)["retry_after"] == 2

    @pytest.mark.parametrize(
        "fields",
        [{"password": ["Missing."]}, {"password": ["Missing."], "email": ["No.", "Never."]}],
        ids=["one", "several"],
    )
    def test_a_serializers_errors_are_the_fields(self, fields):
        body = describe(drf.ValidationError(fields))

        assert (body["code"], body["fields"]) == ("invalid_request", fields)
        assert body["detail"] == exceptions.InvalidRequest().body["detail"]

    def test_malformed_json_is_an_invalid_request(self):
        body = describe(drf.ParseError("JSON parse error - Expecting value"))

        assert body == exceptions.InvalidRequest().body

    def test_a_code_of_the_projects_own_is_kept(self):
        error = drf.PermissionDenied("Enter the second factor.", code="second_factor_required")

        body = describe(error)

        assert body == {"detail": "Enter the second factor.", "code": "second_factor_required"}

    def test_simple_jwts_own_detail_is_a_sentence_too(self):
        """It is a dictionary, whose ``repr`` is nothing to show."""
        error = InvalidToken()

        body = describe(error)

        assert body == {"detail": str(error.detail["detail"]), "code": "token_not_valid"}

    def test_changing_the_body_leaves_the_refusal_alone(self):
        refusal = exceptions.TokenNotValid()

        describe(refusal)["code"] = "another"

        assert refusal.body["code"] == "token_not_valid"


@pytest.mark.parametrize(
    ("error", "body"),
    [
        (drf.ValidationError(["No entry."]), {"fields": {"non_field_errors": ["No entry."]}}),
        (drf.APIException(["Not", "now."]), {"detail": "Not now.", "code": "error"}),
    ],
)
def test_a_list_of_sentences_is_spelled_as_any_refusal(error, body):
    assert describe(error).items() >= body.items()


def test_every_leaf_of_a_detail_has_a_code():
    """Packages that reshape errors ask each of them for it."""
    detail = exceptions.with_codes(
        {"detail": "no", "retry_after": 2, "messages": [{"message": "no"}]}, "unavailable"
    )

    assert detail == {"detail": "no", "retry_after": 2, "messages": [{"message": "no"}]}
    leaves = [detail["detail"], detail["retry_after"], detail["messages"][0]["message"]]
    assert {leaf.code for leaf in leaves} == {"unavailable"}
