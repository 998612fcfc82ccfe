"""The wire: the orchestrator's API, what it answers and refuses, and the contract of what it takes."""
