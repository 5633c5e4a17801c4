"""What this extension costs in time, memory and requests, compared with other tools.

`python -m benchmarks` runs everything; see docs/speed.md. There is one module for each topic; `measuring` and `table`
are pure.
"""

__all__: list[str] = []
