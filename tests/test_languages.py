"""The language of a request, by ``Accept-Language`` and Django's own middleware."""

import re
from pathlib import Path

import polib
import pytest
from django.utils import translation
from django.utils.translation import gettext as _

from jwt_signin import services
from jwt_signin.models import Session
from tests.conftest import PASSWORD, name_of

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "languages.md"

pytestmark = pytest.mark.django_db

LANGUAGES = [
    pytest.param(asked, language, id=asked)
    for asked, language in {
        "ko": "ko",
        "ko-KR,ko;q=0.9,en;q=0.8": "ko",
        "ja": "ja",
        "zh-hans": "zh-hans",
        "zh-CN": "zh-hans",
        "es-MX": "es",
        "de-CH": "de",
        "fr-CA,fr": "fr",
        "pt-BR": "pt-br",
    }.items()
]

in_every_language = pytest.mark.parametrize(("asked", "language"), LANGUAGES)


def sentence_of(code, language):
    """Return the sentence for ``code`` in ``language``, which is not the English one."""
    english = {
        "invalid_credentials": "No active account matches these credentials.",
        "method_not_allowed": "The request's method is not allowed here.",
        "not_authenticated": "The request brings no access token.",
        "session_revoked": "The session is over. Please sign in again.",
        "throttled": "Too many attempts. Please try again later.",
        "unsupported_media_type": "The request's media type is not supported here.",
    }[code]
    with translation.override(language):
        sentence = _(english)
    assert sentence != english
    return sentence


def told(response):
    return response.json()["code"], response.json()["detail"]


@in_every_language
def test_a_refused_sign_in_is_told_in_the_language_of_the_request(api, ada, asked, language):
    body = {**name_of(ada), "password": "wrong"}

    response = api.post("/auth/signin/", body, headers={"Accept-Language": asked})

    assert told(response) == (
        "invalid_credentials",
        sentence_of("invalid_credentials", language),
    )
    assert "Accept-Language" in response["Vary"]


@in_every_language
def test_a_throttled_sign_in_is_told_in_the_language_of_the_request(
    settings, api, ada, asked, language
):
    settings.JWT_SIGNIN = {"SIGNIN_ACCOUNT_RATE": "1/m"}
    body = {**name_of(ada), "password": "wrong"}
    api.post("/auth/signin/", body)

    response = api.post("/auth/signin/", body, headers={"Accept-Language": asked})

    assert told(response) == ("throttled", sentence_of("throttled", language))


@in_every_language
def test_an_ended_session_is_told_in_the_language_of_the_request(api, pair, asked, language):
    services.log_out(str(pair.refresh))
    headers = {"Accept-Language": asked}

    refreshed = api.refresh(str(pair.refresh), **headers)
    asked_with_access = api.with_access(str(pair.access)).get("/protected/", headers=headers)

    expected = "session_revoked", sentence_of("session_revoked", language)
    assert told(refreshed) == told(asked_with_access) == expected


@in_every_language
def test_what_rest_framework_refuses_is_told_in_the_language_of_the_request(api, asked, language):
    headers = {"Accept-Language": asked}

    answers = [
        api.get("/auth/me/", headers=headers),
        api.put("/auth/signin/", {}, headers=headers),
        api.generic("POST", "/auth/signin/", "?", content_type="text/plain", headers=headers),
    ]

    codes = ["not_authenticated", "method_not_allowed", "unsupported_media_type"]
    assert [told(answer) for answer in answers] == [
        (code, sentence_of(code, language)) for code in codes
    ]


def test_a_language_that_is_not_there_is_answered_in_that_of_the_project(api, ada):
    body = {**name_of(ada), "password": "wrong"}

    response = api.post("/auth/signin/", body, headers={"Accept-Language": "eo"})

    assert response.json()["detail"].isascii()


@pytest.mark.parametrize("asked", ["ko", "fr"])
def test_a_missing_field_is_told_by_rest_framework_in_the_language_of_the_request(api, asked):
    headers = {"Accept-Language": asked}

    by_serializer = api.post("/auth/signin/", {"username": "ada"}, headers=headers)
    by_view = api.post("/auth/verify/", {}, headers=headers)

    sentence = by_serializer.json()["fields"]["password"]
    assert sentence == by_view.json()["fields"]["token"] != ["This field is required."]


@pytest.mark.parametrize("asked", ["ja", "de"])
def test_the_shape_of_a_korean_project_speaks_other_languages_as_well(api, ada, asked):
    credentials = {**name_of(ada), "password": PASSWORD}
    headers = {"Accept-Language": asked}

    signed_in = api.post("/api/signin", credentials, headers=headers)
    refused = api.post("/api/signin", {**credentials, "password": "wrong"}, headers=headers)

    with translation.override(asked):
        message = _("Signed in successfully")
        error = _("The e-mail address or the password is not correct")
    assert (signed_in.json()["message"], refused.json()["error"]) == (message, error)


@pytest.mark.parametrize("asked", ["ko", "ko-KR", ""])
def test_rest_frameworks_korean_is_found_by_the_name_of_the_reference(settings, api, ada, asked):
    settings.LANGUAGE_CODE = "ko-kr"
    settings.LANGUAGES = [("ko-kr", "한국어"), ("en", "English")]
    headers = {"Accept-Language": asked}

    blank = api.post("/auth/signin/", {**name_of(ada), "password": ""}, headers=headers).json()

    assert not blank["detail"].isascii()
    assert not blank["fields"]["password"][0].isascii()


def test_a_project_says_it_its_own_way(settings, api, ada, tmp_path):
    """As the reference shows it."""
    text = re.search(r"^```po\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)[1]
    compiled = tmp_path / "ko" / "LC_MESSAGES" / "django.mo"
    compiled.parent.mkdir(parents=True)
    entries = polib.pofile(text)
    entries.save_as_mofile(str(compiled))
    settings.LOCALE_PATHS = [tmp_path]

    body = {**name_of(ada), "password": "wrong"}
    response = api.post("/auth/signin/", body, headers={"Accept-Language": "ko"})

    sentence, word = entries
    assert response.json()["detail"] == sentence.msgstr
    with translation.override("ko"):
        assert str(Session._meta.get_field("label").verbose_name) == word.msgstr
