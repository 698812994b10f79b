"""The document, and answers that are held against it; run by ``--ds=tests.schema.settings``."""

import jsonschema
import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings
from drf_spectacular.validation import validate_schema

WRITTEN: dict = {}


@pytest.fixture
def write(settings):
    """Write the document of the project, which must be whole and without a warning."""

    def once(**spectacular):
        options = [getattr(settings, name, {}) for name in ("JWT_SIGNIN", "SIMPLE_JWT")]
        key = str([settings.ROOT_URLCONF, options, spectacular])
        if key not in WRITTEN:
            WRITTEN[key] = generate({"OAS_VERSION": "3.1.0", **spectacular})
        return WRITTEN[key]

    return once


def generate(spectacular):
    GENERATOR_STATS.reset()
    with patched_settings(spectacular):
        document = SchemaGenerator().get_schema(public=True)
    assert not GENERATOR_STATS._warn_cache
    assert not GENERATOR_STATS._error_cache
    validate_schema(document)
    return Document(document)


class Document(dict):
    """What drf-spectacular wrote."""

    def operation(self, method, path):
        return self["paths"][path][method.lower()]

    def answer(self, method, path, status):
        return self.operation(method, path)["responses"][str(status)]

    def body(self, method, path, status):
        """Return the schema of an answer, resolved."""
        return self.resolved(self.answer(method, path, status)["content"]["application/json"])

    def resolved(self, holder):
        schema = holder["schema"]
        if "$ref" in schema:
            return self["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema

    def requirements(self, method, path):
        return [[*each] for each in self.operation(method, path)["security"]]

    def check(self, response, path=None):
        """Hold an answer to what is written: status, headers, and no member beyond the schema."""
        request = response.wsgi_request
        told = self.answer(request.method, path or request.path, response.status_code)
        for name, header in told.get("headers", {}).items():
            assert name in response.headers or not header.get("required"), name
        written = set(told.get("headers", {}))
        assert written >= {"WWW-Authenticate", "Retry-After"} & response.headers.keys()
        assert "Set-Cookie" in written or not response.cookies
        if "content" not in told:
            assert response.content == b""
            return
        schema = told["content"][response.headers["Content-Type"]]["schema"]
        jsonschema.Draft202012Validator(
            closed({"components": self["components"], **schema}),
            format_checker=jsonschema.FormatChecker(),
        ).validate(response.json())


def closed(schema):
    """Allow no member that is not written."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(each) for name, each in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        inner.setdefault("additionalProperties", False)
    return inner
