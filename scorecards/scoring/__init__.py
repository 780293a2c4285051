"""The method in plain Python: facts and a date in, results out. Loads without Django."""
