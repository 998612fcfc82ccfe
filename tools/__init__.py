"""Tools of the project itself; nothing of civgen imports them."""
