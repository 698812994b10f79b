"""
What only matters because a browser sends it by itself: cookies, and whose page sent them.

A cookie is attached to a request whoever caused it; so whatever reads or writes one asks for
proof of the request's origin first.
"""

from jwt_signin.cookies.cookie import Cookie, access_cookie, refresh_cookie
from jwt_signin.cookies.origin import SAFE_METHODS, check_origin
from jwt_signin.cookies.reports import Reticent, be_reticent

__all__ = [
    "SAFE_METHODS",
    "Cookie",
    "Reticent",
    "access_cookie",
    "be_reticent",
    "check_origin",
    "refresh_cookie",
]
