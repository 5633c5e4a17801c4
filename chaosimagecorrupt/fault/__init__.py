"""Injects the fault: replaces one container's image by one that cannot be pulled.

This package decides on an injection or refuses it, carries it out, and selects Deployments.
Not here: what undoes the fault (`restore`, `guard`), and what is stored of it (`record`).
"""
