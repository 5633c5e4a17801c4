"""The fault: one container's image is replaced by one that cannot be pulled.

Here belongs what decides on an injection or refuses it, what carries it out, and which Deployments are selected.
Not here: what undoes it (`restore`, `guard`), and what is stored of it (`record`).
"""
