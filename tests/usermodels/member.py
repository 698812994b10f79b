"""The tests' settings with ``MemberUser``."""

from tests.settings import *

AUTH_USER_MODEL = "usermodels.MemberUser"
