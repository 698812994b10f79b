"""Endpoints of a project's own: one that says nothing of refusals, one that does, one for all."""

from django.urls import path
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny

from tests.schema.urls import NotesView


class OpenView(NotesView):
    permission_classes = [AllowAny]


class SaidView(NotesView):
    @extend_schema(responses={401: OpenApiResponse(description="Go away.")})
    def get(self, request):
        return super().get(request)

    @extend_schema(request=None, responses={200: {"type": "object"}})
    def post(self, request):
        return super().get(request)


urlpatterns = [
    path("notes/", NotesView.as_view()),
    path("open/", OpenView.as_view()),
    path("said/", SaidView.as_view()),
]
