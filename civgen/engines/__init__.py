"""Engines: from form values to orchestrator steps. One module an engine, one folder a medium."""
