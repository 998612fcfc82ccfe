"""Constants for a host application: a layout says which of its modules has which data, in which style.

`data/` has one module a kind of data, `layout.py` says what a layout may say, `reading.py` reads and
judges one, `typescript.py` writes values and types, `modules.py` puts the files together.
"""
