"""The view that is protected by each contender in turn."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class MeView(APIView):
    """Whoever asks, as little of him as there is."""

    def get(self, request: Request) -> Response:
        """Answer with his id, as text."""
        return Response({"id": str(request.user.pk)})
