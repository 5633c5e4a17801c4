"""The controllers, the scheduler and the kubelet, which read and write the store as time passes.

Here belongs what changes objects without a user's request. Each component reads from an informer, which lags behind
the store, and its requests take time and can conflict: the races of a real cluster come from there.
Not here: what the API server does with a user's request (`api`), and anything that uses sockets or asyncio.
"""

__all__: list[str] = []
