"""Generated documentation: `python -m tools.docs` writes it, `--check` says what is out of date.

A page is made by a module of `pages/`; what needs all pages, such as a table of contents, by one of
`indexes/`. Both are found by listing. The pages themselves are committed, so that they can be read and
reviewed without building anything.
"""
