"""Clients of Django's two handlers, to be asked alike."""

from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client


class WSGI(Client):
    """Asks as a WSGI server does."""


class ASGI(AsyncClient):
    """Asks as an ASGI server does, and waits."""

    def get(self, *args, **kwargs):
        return async_to_sync(super().get)(*args, **kwargs)

    def post(self, *args, **kwargs):
        return async_to_sync(super().post)(*args, **kwargs)


HANDLERS = (WSGI, ASGI)


def bearer(token):
    """Return the header that brings ``token``."""
    return {"Authorization": f"Bearer {token}"}
