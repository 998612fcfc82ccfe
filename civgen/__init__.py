"""civgen: add a base model or an engine as one file, derive everything else from it."""

__version__ = "0.1.0"
