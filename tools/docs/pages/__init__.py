"""One module a kind of page, with `pages()`: texts by path from the root of the project."""
