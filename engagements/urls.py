"""Addresses of the pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path

from engagements.views import (
    assessments,
    compare,
    correct,
    dossiers,
    drafts,
    entries,
    groups,
    home,
    log,
    meeting_list,
    meetings,
    method,
    movement,
    ngos,
    observations,
    plans,
    promises,
    reconcile,
    registers,
    reviews,
    stages,
    states,
    weight_sets,
    what_if,
)


def turning(prefix: str, view: Callable[..., HttpResponse], name: str) -> list[URLPattern]:
    """The pages on which a record is withdrawn, restored and deleted."""
    return [
        path(f"{prefix}{act}/", view, {"act": act}, name=f"{name}_{act}")
        for act in ("withdraw", "restore", "delete")
    ]


urlpatterns = [
    path("", home.home, name="home"),
    path("groups/", groups.groups, name="groups"),
    path("groups/new/", entries.new_group, name="new_group"),
    path("groups/<uuid:pk>/", groups.group, name="group"),
    path("ngos/", ngos.ngos, name="ngos"),
    path("ngos/new/", entries.new_ngo, name="new_ngo"),
    path("ngos/<uuid:pk>/", ngos.ngo, name="ngo"),
    path("contexts/", entries.contexts, name="contexts"),
    path("contexts/<uuid:pk>/", entries.context, name="context"),
    path("contexts/<uuid:pk>/facts/new/", entries.new_fact, name="new_fact"),
    path("engagements/new/", entries.new_engagement, name="new_engagement"),
    path("engagements/<uuid:pk>/dossiers/new/", entries.new_dossier, name="new_dossier"),
    path("meetings/", meeting_list.meetings, name="meetings"),
    path("dossiers/<uuid:pk>/assess/", assessments.assess, name="assess"),
    path("assessments/<uuid:pk>/", assessments.assessment, name="assessment"),
    path("assessments/<uuid:pk>/rate/<slug:screen>/", assessments.rate, name="assessment_rate"),
    path("assessments/<uuid:pk>/submit/", assessments.submit, name="assessment_submit"),
    path("assessments/<uuid:pk>/return/", assessments.give_back, name="assessment_return"),
    path("assessments/<uuid:pk>/finalise/", assessments.finalise, name="assessment_finalise"),
    path("compare/", compare.compare, name="compare"),
    path("reconcile/<uuid:pk>/", reconcile.reconcile, name="reconcile"),
    path("method/agreement/", reconcile.agreement, name="agreement"),
    path("promises/", promises.promises, name="promises"),
    path("commitments/", registers.commitments, name="commitments"),
    path("commitments/new/", entries.new_commitment, name="new_commitment"),
    path("commitments/<uuid:pk>/", registers.commitment, name="commitment"),
    path("commitments/<uuid:pk>/correct/", correct.commitment, name="commitment_correct"),
    *turning("commitments/<uuid:pk>/", states.commitment, "commitment"),
    path("incidents/", registers.incidents, name="incidents"),
    path("incidents/new/", entries.new_incident, name="new_incident"),
    path("incidents/<uuid:pk>/", registers.incident, name="incident"),
    path("reviews/<uuid:pk>/", reviews.review, name="review"),
    path("incidents/<uuid:pk>/correct/", correct.incident, name="incident_correct"),
    *turning("incidents/<uuid:pk>/", states.incident, "incident"),
    path("observations/", registers.observations, name="observations"),
    path("observations/new/", observations.new_observation, name="new_observation"),
    path("observations/<uuid:pk>/", observations.observation, name="observation"),
    path(
        "observations/<uuid:pk>/change/",
        observations.observation_change,
        name="observation_change",
    ),
    path(
        "observations/<uuid:pk>/withdraw/",
        observations.observation_withdraw,
        name="observation_withdraw",
    ),
    path(
        "observations/<uuid:pk>/restore/",
        observations.observation_restore,
        name="observation_restore",
    ),
    path("dossiers/<uuid:pk>/", dossiers.dossier, name="dossier"),
    path("dossiers/<uuid:pk>/scores/", dossiers.dossier_scores, name="dossier_scores"),
    path("dossiers/<uuid:pk>/scores.json", dossiers.scores_json, name="scores_json"),
    path("dossiers/<uuid:pk>/stage/", stages.stage_moves, name="stage_moves"),
    path("dossiers/<uuid:pk>/stage/confirm/", stages.confirm, name="stage_confirm"),
    path("dossiers/<uuid:pk>/movement/", movement.movement, name="movement"),
    path("dossiers/<uuid:pk>/what-if/", what_if.what_if, name="what_if"),
    path("dossiers/<uuid:pk>/sensitivity/", what_if.sensitivity, name="sensitivity"),
    path("dossiers/<uuid:pk>/recompute/", dossiers.recompute, name="recompute"),
    path("dossiers/<uuid:pk>/evidence/<slug:kind>/", dossiers.evidence, name="evidence"),
    path("method/", method.method, name="method"),
    path("method/sets/", weight_sets.weight_sets, name="weight_sets"),
    path("method/sets/<uuid:pk>/", weight_sets.weight_set, name="weight_set"),
    path("method/sets/<uuid:pk>/copy/", weight_sets.weight_set_copy, name="weight_set_copy"),
    path("method/sets/<uuid:pk>/edit/", weight_sets.weight_set_edit, name="weight_set_edit"),
    path(
        "method/sets/<uuid:pk>/preview/", weight_sets.weight_set_preview, name="weight_set_preview"
    ),
    path(
        "method/sets/<uuid:pk>/activate/",
        weight_sets.weight_set_activate,
        name="weight_set_activate",
    ),
    path("method/sets/<uuid:pk>/past/", weight_sets.weight_set_past, name="weight_set_past"),
    path(
        "method/sets/<uuid:pk>/restate/", weight_sets.weight_set_restate, name="weight_set_restate"
    ),
    path("method/sets/<uuid:pk>/retire/", weight_sets.weight_set_retire, name="weight_set_retire"),
    # Logging a meeting, and the meeting itself
    path("log/", drafts.log, name="log_meeting"),
    path("log/search/", drafts.log_search, name="log_search"),
    path("log/start/", drafts.log_start, name="log_start"),
    path("log/token/", drafts.fresh_token, name="log_token"),
    path("log/signed-in/", drafts.back_again, name="log_signed_in"),
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
    *turning("meetings/<uuid:pk>/", states.meeting, "meeting"),
    path("plans/", plans.plans, name="plans"),
    path("plans/new/", plans.plan_new, name="plan_new"),
    path("plans/<uuid:pk>/", plans.plan, name="plan"),
    path("plans/<uuid:pk>/change/", plans.plan_change, name="plan_change"),
    path("plans/<uuid:pk>/cancel/", plans.plan_cancel, name="plan_cancel"),
    path("plans/<uuid:pk>/compare/", plans.plan_compare, name="plan_compare"),
]
