"""The instrument: criteria, assessments, the method and its stored results."""
