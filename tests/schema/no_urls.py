"""No routes."""

urlpatterns: list = []
