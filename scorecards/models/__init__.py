from scorecards.models.assessments import (
    Assessment,
    CriterionRating,
    GateAnswer,
    RatingEvidence,
    ReturnNote,
)
from scorecards.models.restated import RestatedScore
from scorecards.models.reviews import ReviewTask
from scorecards.models.snapshots import Publication, ScoreSnapshot, Standing
from scorecards.models.stages import StageMove, StageMoveEvidence
from scorecards.models.weights import Activation, WeightSet

__all__ = [
    "Activation",
    "Assessment",
    "CriterionRating",
    "GateAnswer",
    "Publication",
    "RatingEvidence",
    "RestatedScore",
    "ReturnNote",
    "ReviewTask",
    "ScoreSnapshot",
    "StageMove",
    "StageMoveEvidence",
    "Standing",
    "WeightSet",
]
