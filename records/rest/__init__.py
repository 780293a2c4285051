"""The machinery of the API: docs/rest.md says how to add a resource.

`resources` what a resource declares · `routing` its addresses · `doors` the views · `lists`,
`cursors`, `filters`, `shapes`, `etags` the parts of an answer · `inputs`, `parsing` what is read.
"""
