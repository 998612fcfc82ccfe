"""The rules, one module each; the directory listing is their registry."""
