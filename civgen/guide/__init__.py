"""The written way from a question to a priced job, for each kind of addition.

`topics/` has one module a kind. Terminal, website, `AGENTS.md` of a workspace and the skill of an agent
are made from the same topics, with what the catalogue and the lint rules say.
"""
