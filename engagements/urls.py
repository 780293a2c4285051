"""Addresses of the pages."""

from __future__ import annotations

from django.urls import path

from engagements.views import dossiers, drafts, log, meetings, plans

urlpatterns = [
    path("dossiers/<uuid:pk>/", dossiers.dossier, name="dossier"),
    path("dossiers/<uuid:pk>/scores/", dossiers.dossier_scores, name="dossier_scores"),
    path("dossiers/<uuid:pk>/scores.json", dossiers.scores_json, name="scores_json"),
    path("dossiers/<uuid:pk>/recompute/", dossiers.recompute, name="recompute"),
    path("dossiers/<uuid:pk>/evidence/<slug:kind>/", dossiers.evidence, name="evidence"),
    # Logging a meeting, and the meeting itself
    path("log/", drafts.log, name="log_meeting"),
    path("log/search/", drafts.log_search, name="log_search"),
    path("log/start/", drafts.log_start, name="log_start"),
    path("log/token/", drafts.fresh_token, name="log_token"),
    path("log/signed-in/", drafts.signed_in, name="log_signed_in"),
    path("log/anchors/", log.anchors, name="log_anchors"),
    path("log/<uuid:pk>/", log.log_form, name="log_form"),
    path("log/<uuid:pk>/keep/", drafts.keep, name="draft_keep"),
    path("log/<uuid:pk>/discard/", drafts.discard, name="draft_discard"),
    path("log/<uuid:pk>/readings/", log.readings, name="log_readings"),
    path("log/<uuid:pk>/readers/", log.readers, name="log_readers"),
    path("log/<uuid:pk>/conflict/", log.conflict, name="log_conflict"),
    path("drafts/", drafts.drafts, name="drafts"),
    path("meetings/<uuid:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<uuid:pk>/saved/", meetings.saved, name="meeting_saved"),
    path("meetings/<uuid:pk>/effects/", meetings.effects, name="meeting_effects"),
    path("meetings/<uuid:pk>/correct/", log.correct, name="meeting_correct"),
    path("meetings/<uuid:pk>/withdraw/", meetings.withdraw, name="meeting_withdraw"),
    path("meetings/<uuid:pk>/restore/", meetings.restore, name="meeting_restore"),
    path("plans/", plans.plans, name="plans"),
    path("plans/new/", plans.plan_new, name="plan_new"),
    path("plans/<uuid:pk>/", plans.plan, name="plan"),
    path("plans/<uuid:pk>/change/", plans.plan_change, name="plan_change"),
    path("plans/<uuid:pk>/cancel/", plans.plan_cancel, name="plan_cancel"),
    path("plans/<uuid:pk>/compare/", plans.plan_compare, name="plan_compare"),
]
