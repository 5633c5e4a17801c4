"""The timeline: the changes of a Deployment and of the objects around it, recorded in the background.

Here belongs what records, and what a recorded state consists of.
Not here: what the changes mean (`verdict`), and how they are drawn (`report`).
"""
