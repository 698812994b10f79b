"""The first page, and an endpoint that only opens to an access token."""

from django.shortcuts import render
from rest_framework.response import Response
from rest_framework.views import APIView


def index(request):
    """Show the page to sign in from."""
    return render(request, "web/index.html")


class ProtectedView(APIView):
    """Greets whoever is signed in."""

    def get(self, request):
        return Response({"hello": request.user.get_username(), "session": request.auth["sid"]})
