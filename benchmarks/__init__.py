"""What this extension costs in time, memory and requests, side by side with others who do the same.

`python -m benchmarks` runs everything; see docs/speed.md. One module for each topic; `measuring` and `table` are pure.
"""

__all__: list[str] = []
