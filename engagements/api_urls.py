"""Addresses under /api/v1/ of the actors, the engagements and all that hangs on them."""

from engagements.api.armed_groups import ArmedGroups
from engagements.api.contexts import Contexts
from engagements.api.counterparts import Counterparts
from engagements.api.interactions import Interactions
from engagements.api.ngos import Ngos
from engagements.api.scorecards import Scorecards, SuccessFactorScores, score_routes
from records.rest.routing import routes

urlpatterns = [
    *routes(Contexts()),
    *routes(Ngos()),
    *routes(ArmedGroups()),
    *routes(Counterparts()),
    *routes(Interactions()),
    *score_routes(Scorecards()),
    *score_routes(SuccessFactorScores()),
]
