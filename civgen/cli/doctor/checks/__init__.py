"""One module a subject. `ORDER` is its place in the answer: what others depend on comes first."""
