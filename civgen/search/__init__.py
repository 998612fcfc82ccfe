"""The models index: which documents it should hold, what differs, and how it is brought up to date."""
