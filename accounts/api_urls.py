"""Addresses under /api/v1/ of the account and of what describes the API itself."""

from django.urls import path

from accounts.api.codes import CodeLists, OneCodeList
from accounts.api.me import Me
from accounts.api.schema import Reference, Schema

urlpatterns = [
    path("me/", Me.as_view(), name="me"),
    path("codes/", CodeLists.as_view(), name="codes"),
    path("codes/<str:name>/", OneCodeList.as_view(), name="codes-one"),
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Reference.as_view(), name="reference"),
]
