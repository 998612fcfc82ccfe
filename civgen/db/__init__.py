"""The database: the rows that the catalogue wants, what must change for them, why a version generates."""
