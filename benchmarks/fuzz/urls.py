"""Every shape, so that every spelling is sent everything."""

from django.urls import include, path

from jwt_signin.shapes import SHAPES
from jwt_signin.urls import auth_urls

urlpatterns = [
    path(f"{shape}/", include(auth_urls(shape=shape), namespace=shape)) for shape in SHAPES
]
