"""What is made of all pages: one module each, with `pages(whole)`.

`whole` has every Markdown page by its path.
"""
