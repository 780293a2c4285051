"""Filters by name, for pages and API alike: one file per noun."""
