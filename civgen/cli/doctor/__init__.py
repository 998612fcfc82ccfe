"""What `civgen doctor` looks at.

One module of `checks/` a subject, with `ORDER` and `check(scene)`: the listing is their registry. A check
may raise; what it raises becomes a finding, so that one broken thing hides no other.
"""
