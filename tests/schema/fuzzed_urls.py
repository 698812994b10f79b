"""Every shape and transport, and nothing of a project's own."""

from tests.schema.urls import OURS

urlpatterns = OURS
