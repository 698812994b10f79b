"""The first page, and an endpoint that only opens to an access token."""

from django.shortcuts import render
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

GREETING = inline_serializer(
    "Greeting", {"hello": serializers.CharField(), "session": serializers.UUIDField()}
)


def index(request):
    """Show the page to sign in from."""
    return render(request, "web/index.html")


class ProtectedView(APIView):
    """Greets whoever is signed in."""

    @extend_schema(responses=GREETING)
    def get(self, request):
        return Response({"hello": request.user.get_username(), "session": request.auth["sid"]})
