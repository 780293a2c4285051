"""What happened between an NGO and an armed group, and what it does to the scores."""
