"""A project that spells its errors by drf-standardized-errors."""

from tests.settings import *

INSTALLED_APPS += ["drf_standardized_errors"]
REST_FRAMEWORK |= {"EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler"}
