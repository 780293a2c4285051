from scorecards.models.assessments import (
    Assessment,
    CriterionRating,
    GateAnswer,
    RatingEvidence,
    ReturnNote,
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
    "ReturnNote",
    "ReviewTask",
    "ScoreSnapshot",
    "Standing",
    "WeightSet",
]
