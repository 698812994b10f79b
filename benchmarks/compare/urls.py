"""The routes of one contender, and the view that all have."""

from django.urls import path

from benchmarks.compare.settings import CONTENDER
from benchmarks.compare.views import MeView

urlpatterns = [path("api/me/", MeView.as_view()), *CONTENDER.urlpatterns()]
