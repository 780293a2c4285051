"""The API's resources of engagements and of the actors in them, one file per noun."""
