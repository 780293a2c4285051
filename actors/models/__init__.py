from actors.models.contexts import ContextFact
from actors.models.groups import ArmedGroup, ExternalId, GroupName, Lineage, Listing
from actors.models.organisations import Ngo, NgoName, NgoService, NgoType
from actors.models.people import Counterpart, Identity

__all__ = [
    "ArmedGroup",
    "ContextFact",
    "Counterpart",
    "ExternalId",
    "GroupName",
    "Identity",
    "Lineage",
    "Listing",
    "Ngo",
    "NgoName",
    "NgoService",
    "NgoType",
]
