"""Many requests as one undertaking: a batch can be stopped, killed and resumed, and no line is paid twice.

Its lines lie in a file of the workspace that never changes, and what became of each in the journal. A run
reads both side by side, a window at a time.
"""
