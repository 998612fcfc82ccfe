"""One module a command or command group, called after it; each has a Typer `app`."""
