"""The preflight: whether the fault would be safe in this place, and whether it could show something.

Here belong its checks, the rights that each feature needs, and what reads the cluster for them; nothing is changed.
Not here: the refusals themselves, which the fault makes too (`fault.refusals`).
"""
