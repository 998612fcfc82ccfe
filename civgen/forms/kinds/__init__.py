"""The kinds of field; each module is a family of them."""
