"""The preflight: whether the fault is safe for a Deployment, and whether the experiment would have a result.

This package has the checks, the rights that each feature needs, and the requests for them; it changes nothing.
Not here: the reasons to refuse a fault, which the fault itself checks too (`fault.refusals`).
"""
