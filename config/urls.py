"""Every address, by the app that answers it."""

from django.urls import include, path

from config.health import live, ready
from records.rest.doors import NoSuchAddress

urlpatterns = [
    path("health/live", live),
    path("health/ready", ready),
    path("api/v1/", include("accounts.api_urls")),
    path("api/v1/", include("engagements.api_urls")),
    path("api/<path:rest>", NoSuchAddress.as_view()),
    path("", include("accounts.urls")),
    path("", include("engagements.urls")),
]

handler500 = "config.faults.server_error"
