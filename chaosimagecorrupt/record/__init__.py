"""The record: what is stored of a fault on the Deployment itself, and what this process remembers of it.

Here belongs the reading, writing and finding of records, and whether what they tell of is still there.
Not here: what is decided from a record (`fault`, `restore`).
"""
