"""Experiments of operator-chaos: read from their YAML, and written as experiments of this extension.

Nothing of it talks to a cluster. What is read is data: no text of it names a file, a module or a variable.
"""
