"""The guard: a detached process that undoes a fault at its expiry, unless something else has undone it before.

`start` starts it, `orders` is what it reads, `decide` decides what it does next, and `watch` does it.
Not here: how an image is put back (`restore`); the guard only calls it.
"""
