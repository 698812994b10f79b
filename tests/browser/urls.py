from config.urls import urlpatterns as of_the_example
from django.contrib.staticfiles.urls import staticfiles_urlpatterns

urlpatterns = [*of_the_example, *staticfiles_urlpatterns()]
