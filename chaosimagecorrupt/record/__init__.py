"""The record: what is stored of a fault on the Deployment itself, and what this process remembers of it.

This package reads, writes and finds records, and compares them with the Deployment.
Not here: what is decided from a record (`fault`, `restore`).
"""
