from engagements.models.commitments import (
    Clause,
    ClauseState,
    Commitment,
    CommitmentSource,
    CommitmentStatus,
)
from engagements.models.dossiers import Blocker, Dossier, Engagement
from engagements.models.drafts import Draft
from engagements.models.incidents import Incident, Observation
from engagements.models.interactions import (
    EvidenceNote,
    Interaction,
    InteractionTopic,
    Participant,
    PracticalItem,
    Reading,
)
from engagements.models.plans import Plan
from engagements.models.promises import Claim, FollowUp

__all__ = [
    "Blocker",
    "Claim",
    "Clause",
    "ClauseState",
    "Commitment",
    "CommitmentSource",
    "CommitmentStatus",
    "Dossier",
    "Draft",
    "Engagement",
    "EvidenceNote",
    "FollowUp",
    "Incident",
    "Interaction",
    "InteractionTopic",
    "Observation",
    "Participant",
    "Plan",
    "PracticalItem",
    "Reading",
]
