"""The timeline: what happens to a Deployment and around it, followed in the background and kept as a list of changes.

Here belongs what records, and what a kept state consists of.
Not here: what the changes mean (`verdict`), and how they are drawn (`report`).
"""
