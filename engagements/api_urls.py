"""Addresses under /api/v1/ of the actors, the engagements and all that hangs on them."""

from django.urls import path

from engagements.api.armed_groups import ArmedGroups
from engagements.api.assessments import Assessments, assessment_routes
from engagements.api.blockers import Blockers
from engagements.api.claims import Claims
from engagements.api.commitments import Commitments
from engagements.api.contexts import Contexts
from engagements.api.counterparts import Counterparts
from engagements.api.dossiers import Dossiers
from engagements.api.engagements import Engagements
from engagements.api.follow_ups import FollowUps
from engagements.api.incidents import Incidents
from engagements.api.interactions import Interactions
from engagements.api.methods import Methods, OneMethod
from engagements.api.movement import movement_routes
from engagements.api.ngos import Ngos
from engagements.api.observations import Observations
from engagements.api.plans import Plans
from engagements.api.review_tasks import ReviewTasks
from engagements.api.scorecards import Scorecards, SuccessFactorScores, score_routes
from engagements.api.stages import stage_routes
from engagements.api.what_if import sensitivity_routes, what_if_routes
from records.rest.routing import routes

urlpatterns = [
    *routes(Contexts()),
    *routes(Ngos()),
    *routes(ArmedGroups()),
    *routes(Counterparts()),
    *routes(Engagements()),
    *routes(Dossiers()),
    *routes(Plans()),
    *routes(Interactions()),
    *routes(Claims()),
    *routes(FollowUps()),
    *routes(Commitments()),
    *routes(Incidents()),
    *routes(Observations()),
    *assessment_routes(Assessments()),
    *routes(Blockers()),
    *routes(ReviewTasks()),
    *score_routes(Scorecards()),
    *stage_routes(),
    *score_routes(SuccessFactorScores()),
    *sensitivity_routes(Scorecards()),
    *sensitivity_routes(SuccessFactorScores()),
    *what_if_routes(SuccessFactorScores()),
    path("methods/", Methods.as_view(), name="methods"),
    path("methods/<str:id>/", OneMethod.as_view(), name="methods-one"),
    *movement_routes(),
]
