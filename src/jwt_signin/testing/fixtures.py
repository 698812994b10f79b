"""
Fixtures for pytest, of a project that asks for them.

    pytest_plugins = ["jwt_signin.testing.fixtures"]

No entry point loads them: each project of an environment would have them then, those without
Django among them.
"""

from __future__ import annotations

from typing import Any, Protocol

import pytest
from django.db.models import Model

from jwt_signin.testing import JWTAPIClient


class SignIn(Protocol):
    """What ``jwt_sign_in`` is."""

    def __call__(self, user: Model, **how: Any) -> JWTAPIClient:
        """Return a client of its own; ``how`` is what ``JWTAPIClient.sign_in`` takes."""
        raise NotImplementedError


@pytest.fixture
def jwt_client() -> JWTAPIClient:
    """REST framework's test client, not signed in yet."""
    return JWTAPIClient()


@pytest.fixture
def jwt_sign_in() -> SignIn:
    """``jwt_sign_in(user, transport="cookie")``: a client of its own for each session."""
    return lambda user, **how: JWTAPIClient().sign_in(user, **how)
