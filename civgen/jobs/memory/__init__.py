"""What was used last, and what was given a name: plain files in the workspace.

scopes.py    which field is kept where
files.py     files that are written whole, and by one process at a time
memory.py    last used values: .civgen/memory.json
recall.py    a request with the last used values in it
presets.py   named requests, or parts of them: presets/<name>.toml
"""
