from config.urls import urlpatterns as of_the_example
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def away(request):
    """Send the request on, its body included."""
    return HttpResponse(status=307, headers={"Location": request.GET["to"]})


def blank(request):
    """Show a page without a client of its own, in the place of the front end."""
    return HttpResponse("<title>the origin of the API</title>")


urlpatterns = [
    path("", blank),
    path("away/", away),
    *of_the_example,
    *staticfiles_urlpatterns(),
]
