"""One module a tool, found by listing: its name is the tool's, its docstring what the tool is for.

A module has `Input` and `Output` (types, of which the schemas are made), `HINTS` (what it does to the world),
`NEXT` (what to do when it refused) and `run`. `SOURCE` names whose texts an answer repeats, if it does.
"""
