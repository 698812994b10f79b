"""
Test clients for the projects that use this package, under unittest and pytest alike.

They sign in without a password, and bring about what a test would otherwise have to wait for: a
token past its end, a token that was stolen, a session that is over.
pytest is needed by ``jwt_signin.testing.fixtures`` alone.
"""

from jwt_signin.testing.client import JWTAPIClient, JWTClient, bearer

__all__ = ["JWTAPIClient", "JWTClient", "bearer"]
