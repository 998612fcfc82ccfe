"""Forms: what a person may fill in, as data. Knows no model and no file."""
