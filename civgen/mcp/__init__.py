"""The house for agents: the Python API as tools, resources and prompts of the Model Context Protocol."""
