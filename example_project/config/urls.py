"""The routes: the whole package under one include, the two seeds' own, and those of the project."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import TemplateView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from web import views

from jwt_signin.views import RefreshView, SignInView, TokenView

# Which screen each of them is, the front end knows (App.tsx).
screens = TemplateView.as_view(template_name="index.html")

urlpatterns = [
    *[path(name, screens) for name in ("", "devices", "theft", "staff", "seeds")],
    path("admin/", admin.site.urls),
    path("api/auth/", include("jwt_signin.urls")),
    # The first seed: {username, password} for {refresh, access}.
    path("api/login", SignInView.as_view(shape="api_login")),
    path("api/login/refresh", RefreshView.as_view(shape="api_login")),
    # The second: {email, password} for {access_token, refresh_token, message}.
    path("api/signin", SignInView.as_view(shape="api_signin")),
    path("api/signin/refresh", RefreshView.as_view(shape="api_signin")),
    path("api/protected-endpoint", views.ProtectedView.as_view()),
    path("api/staff", views.StaffView.as_view()),
    path("api/demo/", views.DemoView.as_view()),
    # What all of them do, and a page to try it.
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema")),
    path("api/token/", TokenView.as_view()),
]
