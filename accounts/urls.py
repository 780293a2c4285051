"""Addresses of signing in and out and of the account pages. There is no sign-up."""

from allauth.account.views import login, logout, password_change
from django.urls import path

from accounts.views import revoke, tokens

urlpatterns = [
    path("accounts/login/", login, name="account_login"),
    path("accounts/logout/", logout, name="account_logout"),
    path("accounts/password/", password_change, name="account_change_password"),
    path("tokens/", tokens, name="tokens"),
    path("tokens/<uuid:pk>/revoke/", revoke, name="token_revoke"),
]
