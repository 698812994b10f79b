"""
The two kinds of token: their claims, their lifetimes and the border where they are decoded.

They are Simple JWT's tokens, and know no rows: a token says what it was told, and whether that
is still so is for the services to find out.
"""

from jwt_signin.tokens.base import SessionToken
from jwt_signin.tokens.choice import freshest
from jwt_signin.tokens.kinds import (
    AccessToken,
    RefreshToken,
    SessionlessAccessToken,
    SessionlessRefreshToken,
    decode_any,
)
from jwt_signin.tokens.pair import TokenPair

__all__ = [
    "AccessToken",
    "RefreshToken",
    "SessionToken",
    "SessionlessAccessToken",
    "SessionlessRefreshToken",
    "TokenPair",
    "decode_any",
    "freshest",
]
