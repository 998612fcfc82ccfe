"""From answers to files: workspaces, base models and engines, written all or not at all."""
