"""The rubric: one module for each of its sections, with one function for each row.

Here belongs how a row is decided, from what was observed.
Not here: the verdict that follows (`verdict.judge`).
"""
