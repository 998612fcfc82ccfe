"""Speed, beside named peers in the same run: ratios, for machines differ and are noisy.

One module a benchmark; each has `rows()`. Run them with `make bench`.
"""
