"""Addresses of the pages."""

from __future__ import annotations

from django.urls import path

from engagements.views import dossiers

urlpatterns = [
    path("dossiers/<uuid:pk>/", dossiers.dossier, name="dossier"),
    path("dossiers/<uuid:pk>/scores/", dossiers.dossier_scores, name="dossier_scores"),
    path("dossiers/<uuid:pk>/scores.json", dossiers.scores_json, name="scores_json"),
    path("dossiers/<uuid:pk>/recompute/", dossiers.recompute, name="recompute"),
    path("dossiers/<uuid:pk>/evidence/<slug:kind>/", dossiers.evidence, name="evidence"),
]
