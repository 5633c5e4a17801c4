"""The way back: the image and the deadline are put back, the record and every other trace are removed.

Here belongs what decides on a restore, what carries it out, and what cleans up after it.
Not here: when to restore (`guard`, `control`, the commands), and the reading of the record (`record`).
"""
