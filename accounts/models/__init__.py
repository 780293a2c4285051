from accounts.models.contexts import ORGANISATION_WIDE, Context, Membership, Role
from accounts.models.tokens import ApiToken
from accounts.models.users import User

__all__ = ["ORGANISATION_WIDE", "ApiToken", "Context", "Membership", "Role", "User"]
