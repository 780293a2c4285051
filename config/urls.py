"""Every address, by the app that answers it."""

from django.urls import path

from config.health import live, ready

urlpatterns = [
    path("health/live", live),
    path("health/ready", ready),
]

handler500 = "config.faults.server_error"
