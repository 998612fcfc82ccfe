"""A payload's dependence on a form's values, found by trying: see `civgen.jobs.probing.probe`."""
