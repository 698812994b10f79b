"""Which schema is whose."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiViewExtension
from drf_spectacular.openapi import AutoSchema

from jwt_signin import views
from jwt_signin.openapi import account, tokens
from jwt_signin.openapi.endpoints import EndpointSchema

SCHEMAS: dict[Any, type[EndpointSchema]] = {
    views.SignInView: tokens.SignInSchema,
    views.RefreshView: tokens.RefreshSchema,
    views.TokenView: tokens.TokenSchema,
    views.LogoutView: tokens.LogoutSchema,
    views.VerifyView: tokens.VerifySchema,
    views.LogoutAllView: account.LogoutAllSchema,
    views.MeView: account.MeSchema,
    views.SessionListView: account.SessionListSchema,
    views.SessionView: account.SessionSchema,
    views.JWKSView: account.JWKSSchema,
}


class EndpointExtension(OpenApiViewExtension):
    """Gives each view of ours, and each that descends from one, its schema."""

    target_class = "jwt_signin.views.base.AuthView"
    match_subclasses = True

    def view_replacement(self) -> Any:
        """Put our schema below the project's own, where that is drf-spectacular's."""
        known = [SCHEMAS[each] for each in self.target.__mro__ if each in SCHEMAS]
        if not known:
            return self.target
        project = type(self.target.schema)
        is_further = issubclass(project, AutoSchema) and project is not AutoSchema
        bases = (project, known[0]) if is_further else (known[0],)
        schema: Any = type("Schema", bases, {})
        return type(self.target.__name__, (self.target,), {"schema": schema()})
