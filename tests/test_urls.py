"""The routes: their names, and what fixes them for one include."""

import uuid

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import NoReverseMatch, include, path, re_path, resolve, reverse

from jwt_signin import urls, views
from jwt_signin.shapes import Shape
from jwt_signin.urls import auth_urls
from tests.conftest import PASSWORD

pytestmark = pytest.mark.urls(__name__)

SESSION = uuid.UUID(int=7)
ROUTES = {
    "signin": ("signin/", views.SignInView),
    "refresh": ("refresh/", views.RefreshView),
    "logout": ("logout/", views.LogoutView),
    "logout-all": ("logout/all/", views.LogoutAllView),
    "verify": ("verify/", views.VerifyView),
    "me": ("me/", views.MeView),
    "sessions": ("sessions/", views.SessionListView),
    "session": (f"sessions/{SESSION}/", views.SessionView),
    "jwks": ("jwks.json", views.JWKSView),
}

routes = pytest.mark.parametrize(
    ("name", "route", "view"), [(name, *rest) for name, rest in ROUTES.items()], ids=ROUTES
)


class Shouting(Shape):
    access = "ACCESS"


urlpatterns = [
    path("api/auth/", include("jwt_signin.urls")),
    path("mobile/", include(auth_urls(shape="api_signin"), namespace="mobile")),
    path("loud/", include(auth_urls(shape=Shouting), namespace="loud")),
    path("lost/", include(auth_urls(shape="no_such_shape"), namespace="lost")),
    path("web/", include(auth_urls(transport="cookie"), namespace="web")),
    path("app/", include(auth_urls(transport="body"), namespace="app")),
    path("nowhere/", include(auth_urls(transport="pigeon"), namespace="nowhere")),
    path("<str:version>/named/", include(auth_urls(), namespace="named"), {"realm": "staff"}),
    re_path("^([^/]+)/numbered/", include(auth_urls(), namespace="numbered")),
]


def arguments(name):
    return {"session_id": SESSION} if name == "session" else {}


class TestInclude:
    @routes
    def test_each_route_has_its_name_in_the_namespace(self, name, route, view):
        url = reverse(f"jwt_signin:{name}", kwargs=arguments(name))

        assert url == f"/api/auth/{route}"
        assert resolve(url).func.view_class is view

    @pytest.mark.parametrize("name", ROUTES)
    def test_no_name_is_taken_from_the_project(self, name):
        with pytest.raises(NoReverseMatch):
            reverse(name, kwargs=arguments(name))

    def test_the_whole_is_what_auth_urls_makes(self):
        made, namespace = auth_urls()

        names = [pattern.name for pattern in urls.urlpatterns]
        assert namespace == urls.app_name == "jwt_signin"
        assert names == [pattern.name for pattern in made]
        assert set(ROUTES) <= set(names)

    @pytest.mark.parametrize("path", ["/api/auth/", "/api/auth/signin", "/api/auth/signin/x/"])
    def test_nothing_else_is_routed(self, client, path):
        assert client.post(path).status_code == 404


class TestSeveralIncludes:
    @routes
    def test_each_has_routes_of_its_own(self, name, route, view):
        url = reverse(f"mobile:{name}", kwargs=arguments(name))

        assert url == f"/mobile/{route}"
        assert resolve(url).app_name == "jwt_signin"

    @pytest.mark.parametrize("name", ROUTES)
    def test_each_fixes_the_shape_of_all_its_routes(self, name):
        shapes = [
            resolve(reverse(f"{each}:{name}", kwargs=arguments(name))).func.view_initkwargs["shape"]
            for each in ("jwt_signin", "mobile", "loud")
        ]

        assert shapes == [None, "api_signin", Shouting]

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("include", "access"),
        [("jwt_signin", "access"), ("mobile", "access_token"), ("loud", "ACCESS")],
        ids=["the project's", "a name", "a class"],
    )
    def test_each_answers_in_its_shape(self, api, ada, include, access):
        credentials = {"identifier": "ada", "password": PASSWORD}

        response = api.post(reverse(f"{include}:signin"), credentials)

        assert response.status_code == 200
        assert access in response.json()

    @pytest.mark.django_db
    def test_a_session_belongs_to_all_of_them(self, api, ada):
        credentials = {"identifier": "ada", "password": PASSWORD}
        tokens = api.post(reverse("mobile:signin"), credentials).json()

        response = api.post(reverse("loud:refresh"), {"refresh": tokens["refresh_token"]})

        assert response.status_code == 200

    @pytest.mark.django_db
    def test_a_shape_that_is_not_known_is_a_mistake_of_the_project(self, api):
        with pytest.raises(ImproperlyConfigured):
            api.post(reverse("lost:signin"), {})


ANSWERS = {
    "signin": ("post", 200),
    "refresh": ("post", 200),
    "logout": ("post", 204),
    "logout-all": ("post", 200),
    "verify": ("post", 200),
    "me": ("get", 200),
    "sessions": ("get", 200),
    "session": ("delete", 204),
    "jwks": ("get", 200),
}


@pytest.mark.django_db
@pytest.mark.parametrize("include", ["named", "numbered"])
@pytest.mark.parametrize("name", ROUTES)
def test_what_the_url_of_an_include_captures_is_left_to_the_project(api, pair, include, name):
    route = ROUTES[name][0].replace(str(SESSION), pair.access["sid"])
    tokens = {"refresh": str(pair.refresh), "token": str(pair.access)}
    body = {"identifier": "ada", "password": PASSWORD} if name == "signin" else tokens
    method, status = ANSWERS[name]

    response = getattr(api.with_access(tokens["token"]), method)(f"/v7/{include}/{route}", body)

    assert response.status_code == status


class TestTransport:
    @pytest.mark.parametrize(
        ("include", "transport"), [("jwt_signin", None), ("web", "cookie"), ("app", "body")]
    )
    @pytest.mark.parametrize("name", ["signin", "refresh", "logout"])
    def test_is_fixed_where_refresh_tokens_travel(self, include, transport, name):
        view = resolve(reverse(f"{include}:{name}")).func

        assert view.view_initkwargs.get("transport") == transport

    @pytest.mark.django_db
    @pytest.mark.parametrize("include", ["web", "app"])
    def test_is_no_word_of_the_other_endpoints(self, api, pair, include):
        api.with_access(str(pair.access))

        responses = [
            api.get(f"/{include}/me/"),
            api.post(f"/{include}/verify/", {"token": str(pair.access)}),
        ]

        assert [response.status_code for response in responses] == [200, 200]

    @pytest.mark.django_db
    @pytest.mark.parametrize("route", ["signin/", "refresh/", "logout/"])
    def test_one_that_is_not_known_is_a_mistake_of_the_project(self, api, route):
        with pytest.raises(ImproperlyConfigured):
            api.post(f"/nowhere/{route}", {})
