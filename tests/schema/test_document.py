"""What drf-spectacular writes of the endpoints is what they do."""

import io

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.urls import clear_url_caches
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings
from rest_framework import serializers

from jwt_signin import services
from jwt_signin.models import Session
from jwt_signin.shapes import SHAPES, Shape
from tests.conftest import PASSWORD, Browser
from tests.keypairs import private_key, private_pem
from tests.standards.test_errors import CASES, World

pytestmark = pytest.mark.django_db

ADA = {"username": "ada", "password": PASSWORD}
BOTH, BODY, COOKIE = ["body", "cookie"], ["body"], ["cookie"]


class Whole(Shape):
    """A project's own shape, which looks at user and request."""

    def sign_in(self, pair, request):
        return {"who": pair.user.get_username(), "at": request.path, "data": self.tokens(pair)}


class Curious(Shape):
    """One that asks for more than an example has."""

    def sign_in(self, pair, request):
        return {"first": pair.user.groups.first()}


class NameSerializer(serializers.Serializer):
    name = serializers.CharField(source="get_username")


HOOK = "jwt_signin.openapi.add_refusals"
ANOTHER = "tests.test_shapes.Greeting"
"""A serializer that is none of REST framework's."""


class TestIsClean:
    """``spectacular --fail-on-warn --validate``."""

    @pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
    def test_by_the_command(self, version):
        written = io.StringIO()

        with patched_settings({"OAS_VERSION": version}):
            call_command("spectacular", "--fail-on-warn", "--validate", stdout=written)

        assert f"openapi: {version}" in written.getvalue()

    @pytest.mark.parametrize("transports", [BODY, COOKIE, BOTH], ids=["body", "cookie", "both"])
    @pytest.mark.parametrize("shape", sorted(SHAPES))
    def test_in_every_shape_over_every_transport(self, settings, write, shape, transports):
        settings.ROOT_URLCONF = "tests.schema.plain_urls"
        transports = BODY if shape == "oauth2" else transports
        settings.JWT_SIGNIN = {
            "SHAPE": shape,
            "TRANSPORTS": transports,
            "TRANSPORT": transports[-1],
        }

        document = write()

        assert ("/auth/token/" in document["paths"]) is (shape == "oauth2")

    @pytest.mark.parametrize(
        "options",
        [
            {"ACCESS_COOKIE": True},
            {"ACCESS_COOKIE": "a'b", "COOKIE_NAME": "r~s"},
            {"CSRF": "django"},
            {"SIGNIN_BY": ["username", "email"]},
            {"SHAPE": f"{__name__}.Whole"},
            {"USER_SERIALIZER": f"{__name__}.NameSerializer"},
            {"USER_SERIALIZER": ANOTHER},
        ],
        ids=" ".join,
    )
    def test_under_every_option_that_shows(self, settings, write, options):
        settings.JWT_SIGNIN = options

        write()

    def test_without_a_key_or_a_database(self, settings, write, django_assert_num_queries):
        settings.SIMPLE_JWT = {"ALGORITHM": "ES256", "VERIFYING_KEY": "", "SIGNING_KEY": ""}

        with django_assert_num_queries(0):
            write()


class TestSignIn:
    def test_takes_exactly_one_name(self, settings, write):
        settings.JWT_SIGNIN = {"SIGNIN_BY": ["username", "email"]}

        body = write().operation("POST", "/auth/signin/")["requestBody"]

        schema = body["content"]["application/json"]["schema"]
        assert body["required"] is True
        names = {"identifier": 254, "username": 150, "email": 254}
        assert schema["required"] == ["password"]
        assert schema["oneOf"] == [{"required": [name]} for name in names]
        assert {name: schema["properties"][name]["maxLength"] for name in names} == names

    @pytest.mark.parametrize(
        ("path", "media_types", "transports"),
        [
            ("/auth/signin/", {"application/json", "application/x-www-form-urlencoded"}, BOTH),
            ("/body/signin/", {"application/json", "application/x-www-form-urlencoded"}, BODY),
            ("/cookie/signin/", {"application/json"}, COOKIE),
        ],
        ids=["both", "body", "cookie"],
    )
    def test_takes_what_its_transports_read(self, write, path, media_types, transports):
        content = write().operation("POST", path)["requestBody"]["content"]

        assert content.keys() == media_types
        for media_type, allowed in zip(sorted(content), (transports, BODY), strict=False):
            schema = content[media_type]["schema"]
            assert schema["properties"]["transport"]["enum"] == allowed
            assert schema["required"] == ["password"]

    def test_by_a_form_names_the_body_where_another_transport_is_the_first(self, settings, write):
        settings.JWT_SIGNIN = {"TRANSPORT": "cookie"}

        content = write().operation("POST", "/auth/signin/")["requestBody"]["content"]

        required = {kind: told["schema"]["required"] for kind, told in content.items()}
        assert required == {
            "application/json": ["password"],
            "application/x-www-form-urlencoded": ["password", "transport"],
        }

    @pytest.mark.parametrize(
        ("path", "signin_by", "example"),
        [
            ("/auth/signin/", ["username"], {"username": "ada"}),
            ("/auth/signin/", ["email", "username"], {"email": "ada@example.com"}),
            ("/api_signin/signin/", ["username"], {"email": "ada@example.com"}),
            ("/alone/token/", ["email"], {"grant_type": "password", "username": "ada"}),
        ],
        ids=["first name", "e-mail", "shape", "grant"],
    )
    def test_shows_what_a_front_end_sends(self, settings, write, path, signin_by, example):
        settings.JWT_SIGNIN = {"SIGNIN_BY": signin_by}

        content = write().operation("POST", path)["requestBody"]["content"]

        schema = content["application/json"]["schema"]
        shown = schema.get("oneOf", [{}])[0].get("example") or schema["example"]
        assert shown == {**example, "password": "a passphrase"}

    @pytest.mark.parametrize(
        ("path", "there", "required", "cookie"),
        [
            ("/auth/signin/", True, False, True),
            ("/body/signin/", True, True, False),
            ("/cookie/signin/", False, False, True),
        ],
        ids=["both", "body", "cookie"],
    )
    def test_answers_by_its_transports(self, write, path, there, required, cookie):
        document = write()

        schema = document.body("POST", path, 200)
        headers = document.answer("POST", path, 200).get("headers", {})
        assert ("refresh" in schema["properties"]) is there
        assert ("refresh" in schema["required"]) is required
        assert ("Set-Cookie" in headers) is cookie

    def test_asks_for_nothing_whatever_the_project_asks(self, write):
        document = write(SECURITY=[{"somethingElse": []}])

        assert document.requirements("POST", "/auth/signin/") == [[]]
        assert document.requirements("GET", "/auth/jwks.json") == [[]]

    def test_asks_for_djangos_token_where_that_is_chosen(self, settings, write):
        settings.JWT_SIGNIN = {"CSRF": "django"}

        document = write()

        for path, asked in (("/auth/signin/", True), ("/body/signin/", False)):
            parameters = document.operation("POST", path).get("parameters", [])
            assert ("X-Csrftoken" in [each["name"] for each in parameters]) is asked
            refused = document["paths"][path]["post"]["responses"]
            codes = refused["403"]["description"] if asked else None
            assert codes == ("origin_not_allowed, csrf_failed" if asked else None)
            assert ("403" in refused) is asked


class TestRefresh:
    @pytest.mark.parametrize(
        ("path", "required", "security"),
        [
            ("/auth/refresh/", False, [["__Secure-refresh"], []]),
            ("/body/refresh/", True, [[]]),
            ("/cookie/refresh/", None, [["__Secure-refresh"]]),
            ("/alone/refresh/", None, [["__Host-refresh"]]),
            ("/{tenant}/account/refresh/", False, [["__Secure-refresh"], []]),
        ],
        ids=["both", "body", "cookie", "alone", "tenant"],
    )
    def test_proves_itself_by_its_transports(self, write, path, required, security):
        document = write()

        body = document.operation("POST", path).get("requestBody")
        assert (None if body is None else body.get("required", False)) is required
        assert document.requirements("POST", path) == security

    def test_tells_the_cookie(self, write):
        schemes = write()["components"]["securitySchemes"]

        assert schemes["__Secure-refresh"] == {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Secure-refresh",
        }

    def test_tells_a_cookie_of_any_name(self, settings, write):
        settings.JWT_SIGNIN = {"COOKIE_NAME": "r~s"}

        scheme = write()["components"]["securitySchemes"]["__Secure-r_s"]

        assert scheme["name"] == "__Secure-r~s"

    def test_of_routes_that_are_not_the_projects_tells_the_cookie_of_lone_views(self, settings):
        settings.ROOT_URLCONF = "tests.schema.no_urls"
        clear_url_caches()

        document = SchemaGenerator(urlconf="tests.schema.plain_urls").get_schema(public=True)

        assert "__Host-refresh" in document["components"]["securitySchemes"]

    def test_answers_no_refresh_token_that_is_not_replaced(self, settings, write):
        settings.SIMPLE_JWT = {"ROTATE_REFRESH_TOKENS": False}

        assert "refresh" not in write().body("POST", "/body/refresh/", 200)["properties"]

    def test_takes_the_name_of_the_attempt(self, write):
        (parameter,) = write().operation("POST", "/auth/refresh/")["parameters"]

        assert (parameter["name"], parameter["in"]) == ("Idempotency-Key", "header")

    def test_tells_every_code_and_reason(self, write):
        schema = write().body("POST", "/auth/refresh/", 401)

        assert schema["properties"]["code"]["enum"] == [
            "refresh_missing",
            "refresh_not_valid",
            "refresh_expired",
            "session_revoked",
        ]
        assert schema["properties"]["reason"]["enum"] == Session.Reason.values
        assert schema["required"] == ["detail", "code"]


class TestAccess:
    def test_is_by_header(self, api, pair, write):
        document = write()

        assert document["components"]["securitySchemes"]["accessToken"] == {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
        }
        for path in ("/auth/me/", "/notes/", "/quick/"):
            assert document.requirements("GET", path) == [["accessToken"]]
            assert api.with_access(str(pair.access)).get(path).status_code == 200

    def test_is_by_cookie_too_where_there_is_one(self, settings, write):
        settings.JWT_SIGNIN = {"ACCESS_COOKIE": True}

        document = write()

        assert document["components"]["securitySchemes"]["__Host-access"]["in"] == "cookie"
        assert document.requirements("GET", "/notes/") == [["accessToken"], ["__Host-access"]]
        assert "403" in document.operation("POST", "/auth/logout/all/")["responses"]
        assert "403" not in document.operation("GET", "/auth/me/")["responses"]

    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("/auth/logout/", [["accessToken"], ["__Host-access"], ["__Secure-refresh"], []]),
            ("/body/logout/", [["accessToken"], []]),
        ],
        ids=["both", "body"],
    )
    def test_is_one_way_to_log_out(self, settings, write, path, expected):
        settings.JWT_SIGNIN = {"ACCESS_COOKIE": True}

        assert write().requirements("POST", path) == expected

    def test_is_by_a_header_of_another_name(self, settings, write):
        settings.SIMPLE_JWT = {"AUTH_HEADER_NAME": "HTTP_X_TOKEN"}

        scheme = write()["components"]["securitySchemes"]["accessToken"]

        assert (scheme["in"], scheme["name"]) == ("header", "X-token")


class TestShape:
    @pytest.mark.parametrize(
        ("shape", "status", "members"),
        [
            ("default", 401, {"detail", "code"}),
            ("simplejwt", 401, {"detail", "code"}),
            ("dj_rest_auth", 400, {"non_field_errors"}),
            ("oauth2", 400, {"error", "error_description"}),
            ("api_login", 401, {"error"}),
            ("api_signin", 400, {"error"}),
        ],
    )
    def test_tells_a_wrong_password_as_the_shape_does(
        self, settings, write, shape, status, members
    ):
        settings.ROOT_URLCONF = "tests.schema.plain_urls"
        settings.JWT_SIGNIN = {"SHAPE": shape}

        schema = write().body("POST", "/auth/signin/", status)

        assert members <= schema["properties"].keys()

    def test_of_a_token_endpoint_tells_the_names_of_the_standard(self, write):
        document = write()

        schema = document.body("POST", "/alone/token/", 400)
        assert set(schema["properties"]["error"]["enum"]) == {
            "invalid_request",
            "invalid_grant",
            "unsupported_grant_type",
        }
        grants = document.operation("POST", "/alone/token/")["requestBody"]["content"]
        told = [
            each["properties"]["grant_type"]["enum"]
            for each in grants["application/x-www-form-urlencoded"]["schema"]["oneOf"]
        ]
        assert told == [["password"], ["refresh_token"]]

    def test_of_the_projects_own_is_asked_for_an_example(self, settings, write):
        settings.JWT_SIGNIN = {"SHAPE": f"{__name__}.Whole"}

        schema = write().body("POST", "/auth/signin/", 200)

        assert list(schema["properties"]) == ["who", "at", "data"]
        assert list(schema["properties"]["data"]["properties"]) == ["access", "refresh"]

    def test_that_asks_for_more_is_told_of(self, settings, write, capsys):
        settings.JWT_SIGNIN = {"SHAPE": f"{__name__}.Curious"}

        with pytest.raises(AssertionError):
            write()

        assert "Curious cannot spell an example" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("serializer", "members"),
        [(f"{__name__}.NameSerializer", {"name"}), (ANOTHER, set())],
        ids=["REST framework", "another"],
    )
    def test_of_the_user_is_that_of_his_serializer(self, settings, write, serializer, members):
        settings.JWT_SIGNIN = {"USER_SERIALIZER": serializer}
        document = write()

        for schema in (
            document.body("GET", "/auth/me/", 200),
            document.resolved(
                {"schema": document.body("POST", "/auth/signin/", 200)["properties"]["user"]}
            ),
        ):
            assert schema.get("properties", {}).keys() == members


def down(*args):
    raise OperationalError


class TestOfAProject:
    @pytest.mark.parametrize("shape", sorted(SHAPES))
    def test_how_its_own_views_refuse_is_added_where_it_says_nothing(
        self, settings, api, pair, shape, write
    ):
        settings.ROOT_URLCONF = "tests.schema.own_urls"
        settings.JWT_SIGNIN = {"SHAPE": shape}
        plain, whole = write(), write(POSTPROCESSING_HOOKS=[HOOK])

        assert plain.operation("GET", "/notes/")["responses"].keys() == {"200"}
        assert whole.operation("GET", "/notes/")["responses"].keys() == {"200", "401", "503"}
        assert whole.operation("GET", "/open/") == plain.operation("GET", "/open/")
        assert whole.answer("GET", "/said/", 401)["description"] == "Go away."
        whole.check(api.get("/notes/"))
        whole.check(api.with_access("garbage").get("/notes/"))
        with connection.execute_wrapper(down):
            whole.check(api.with_access(str(pair.access)).get("/notes/"))

    def test_an_access_cookie_adds_that_of_a_foreign_page(self, settings, api, pair, write):
        settings.ROOT_URLCONF = "tests.schema.own_urls"
        settings.JWT_SIGNIN = {"ACCESS_COOKIE": True}
        api.cookies["__Host-access"] = str(pair.access)

        document = write(POSTPROCESSING_HOOKS=[HOOK])

        assert "403" not in document.operation("GET", "/said/")["responses"]
        assert api.get("/said/").status_code == 200
        foreign = api.post("/said/", headers={"Origin": "https://evil.example"})
        assert foreign.status_code == 403
        document.check(foreign)

    def test_a_view_that_descends_from_ours_is_described_alike(self, write):
        document = write()

        first = document.operation("GET", "/auth/me/")
        for method in ("GET", "PUT"):
            further = document.operation(method, "/further/")
            assert further["responses"] == first["responses"]
            assert "requestBody" not in further

    def test_what_it_says_itself_comes_first(self, write):
        document = write()

        told = document.operation("GET", "/told/")
        assert (told["tags"], told["summary"]) == (["people"], "Who am I?")
        assert told["responses"] == document.operation("GET", "/auth/me/")["responses"]

    def test_a_view_of_no_kind_of_ours_is_its_own_affair(self, write):
        responses = write().operation("GET", "/another/")["responses"]

        assert responses.keys() == {"200"}


@pytest.mark.parametrize("case", CASES, ids=[f"{name} {code}" for name, code, _ in CASES])
@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_every_refusal_is_written(settings, world, write, shape, case):
    settings.ROOT_URLCONF = "tests.schema.plain_urls"
    settings.JWT_SIGNIN = {"SHAPE": shape}
    endpoint, _code, act = case

    response = act(world)

    if response.status_code != 405:  # of methods that are not there
        path = "/auth/sessions/{session_id}/" if endpoint == "session" else None
        write().check(response, path)


@pytest.fixture
def world(clock, settings, ada):
    return World(clock, settings, ada)


@pytest.mark.parametrize("shape", sorted(SHAPES))
class TestEveryAnswerIsWritten:
    @pytest.fixture(autouse=True)
    def _shape(self, settings, clock, shape):
        settings.ROOT_URLCONF = "tests.schema.plain_urls"
        settings.JWT_SIGNIN = {"SHAPE": shape, "CSRF": "origin"}

    def test_over_bodies(self, api, ada, write, shape):
        document = write()
        signed_in = api.post("/auth/signin/", ADA)
        name = SHAPES[shape].refresh
        body = {name: signed_in.json()[name]}

        document.check(signed_in)
        document.check(api.post("/auth/refresh/", body))
        document.check(api.post("/auth/verify/", {"token": body[name]}))
        document.check(api.post("/auth/logout/", body))

    def test_over_cookies(self, api, ada, clock, write, shape):
        if shape == "oauth2":
            return  # is spelled in bodies alone
        document = write()
        signed_in = api.post("/auth/signin/", ADA | {"transport": "cookie"})
        clock.shift(31)

        document.check(signed_in)
        document.check(api.post("/auth/refresh/"))
        services.revoke_all(ada)
        document.check(api.post("/auth/refresh/"))
        document.check(api.post("/auth/logout/"))

    def test_of_the_user(self, api, ada, pair, write, shape):
        document, other = write(), services.start_session(ada)
        api.with_access(str(pair.access))
        Session.objects.update(ip="192.0.2.1")

        document.check(api.get("/auth/me/"))
        document.check(api.get("/auth/sessions/"))
        path = f"/auth/sessions/{other.access['sid']}/"
        document.check(api.delete(path), "/auth/sessions/{session_id}/")
        document.check(api.post("/auth/logout/all/", {"keep_current": True}))
        document.check(api.get("/auth/jwks.json"))


def test_of_public_keys_is_written(settings, write):
    key = private_pem(private_key("ES256"))
    settings.SIMPLE_JWT = {"ALGORITHM": "ES256", "SIGNING_KEY": key}

    response = Browser().get("/auth/jwks.json")

    assert response.json()["keys"]
    write().check(response)
