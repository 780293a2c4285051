"""Users, contexts as compartments of work, memberships with role and clearance, tokens, `may()`."""
