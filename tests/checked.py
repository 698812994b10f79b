"""What ``manage.py check`` says of this package."""

from django.core.checks import Tags, run_checks

SHARED_CACHE = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://127.0.0.1:1",  # a check asks no cache
    }
}


def ids():
    return _ours(run_checks(tags=[Tags.security]))


def deploy_ids():
    return _ours(run_checks(tags=[Tags.security], include_deployment_checks=True))


def _ours(messages):
    # Django keeps its checks in a set: they come in any order.
    return sorted(each.id for each in messages if each.id.startswith("jwt_signin."))
