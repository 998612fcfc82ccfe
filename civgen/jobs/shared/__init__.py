"""Batches on a queue in PostgreSQL, whose lines are taken by workers on any number of machines.

The journal of such a batch lies in that database, too, in the schema `civgen_queue`: the same tables and the
same statements as in a workspace's own, beside procrastinate's, which hands the lines out.
"""
