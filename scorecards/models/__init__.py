from scorecards.models.assessments import (
    Assessment,
    CriterionRating,
    GateAnswer,
    RatingEvidence,
)
from scorecards.models.reviews import ReviewTask
from scorecards.models.snapshots import Publication, ScoreSnapshot, Standing
from scorecards.models.weights import WeightSet

__all__ = [
    "Assessment",
    "CriterionRating",
    "GateAnswer",
    "Publication",
    "RatingEvidence",
    "ReviewTask",
    "ScoreSnapshot",
    "Standing",
    "WeightSet",
]
