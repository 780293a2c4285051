"""NGOs, armed groups, the facts of contexts, and counterparts by code."""
