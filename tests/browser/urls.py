from config.urls import urlpatterns as of_the_example
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def away(request):
    """Send the request on, its body included."""
    return HttpResponse(status=307, headers={"Location": request.GET["to"]})


urlpatterns = [path("away/", away), *of_the_example, *staticfiles_urlpatterns()]
