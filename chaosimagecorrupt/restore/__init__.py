"""Undoes the fault: puts the image and the progress deadline back, and removes the record and every other trace.

This package decides on a restore, carries it out, and cleans up after it.
Not here: when to restore (`guard`, `control`, the commands), and how the record is read (`record`).
"""
