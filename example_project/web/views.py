"""An endpoint that opens to an access token, one that opens to staff, and one for the pages."""

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import AllowAny, IsAdminUser
from rest_framework.response import Response
from rest_framework.views import APIView

from jwt_signin.conf import app_settings
from jwt_signin.models import Session

GREETING = inline_serializer(
    "Greeting", {"hello": serializers.CharField(), "session": serializers.UUIDField()}
)
COUNT = inline_serializer("Count", {"sessions": serializers.IntegerField()})
USER = {"username": "demo", "email": "demo@example.com", "password": "demo-password"}
DEMO = inline_serializer(
    "Demo",
    {
        "reuse_grace": serializers.FloatField(),
        "user": inline_serializer(
            "DemoUser", dict.fromkeys(USER, serializers.CharField()), allow_null=True
        ),
    },
)


class ProtectedView(APIView):
    """Greets whoever is signed in."""

    @extend_schema(responses=GREETING)
    def get(self, request):
        return Response({"hello": request.user.get_username(), "session": request.auth["sid"]})


class StaffView(APIView):
    """Tells the staff how many sessions live; everybody else is signed in and refused."""

    permission_classes = [IsAdminUser]

    @extend_schema(responses=COUNT)
    def get(self, request):
        return Response({"sessions": Session.objects.live(timezone.now()).count()})


class DemoView(APIView):
    """Tells the pages who may try them, which in production is nobody, and how long to wait."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(responses=DEMO)
    def get(self, request):
        grace = app_settings.REUSE_GRACE.total_seconds()
        return Response({"reuse_grace": grace, "user": USER if settings.DEBUG else None})
