"""The documents that commands, the Python API and MCP tools answer with, as types.

One module a group of commands. They are `TypedDict`s: what is given is plain JSON, and the types say
what stands in it. `civgen schema` publishes their JSON Schemas.
"""
