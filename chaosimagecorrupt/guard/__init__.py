"""The guard: a detached process that undoes faults at their expiry, unless something else has undone them before.

In the process that injects, `reuse` finds the guard that is up or has `start` start one, and `report` talks to it.
In the guard, `orders` is what it reads first, `listen` hears what comes later, and `many` keeps all injections; for
each of them `decide` decides what to do next, and `watch` does it.
Not here: how an image is put back (`restore`); the guard only calls it.
"""
