"""The control plane: controllers, scheduler and kubelet, as steps over the store that a clock drives.

Each reads from a informer that lags the store, and writes by requests that take time and that are refused on a
conflict: the races of a real control plane, and so the order of the states that it shows, come from there. Nothing
here knows of sockets or of asyncio.
"""

__all__: list[str] = []
