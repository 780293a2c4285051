"""What `manage.py bench` measures: ratios inside one run on one machine, against docs/bench.md.

A row of the table is one function in `rows/`, marked with its number by `@row`. It runs in a
process of its own on a grown register and yields figures. What "raw" means stands in `raw.py`.
"""
