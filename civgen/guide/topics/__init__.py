"""One module a kind of addition; the listing of this folder is the guide's table of contents."""
