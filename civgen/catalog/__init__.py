"""What exists: records, how they are read, and what follows from several of them."""

from civgen.catalog.catalog import Catalog, Compatibility
from civgen.catalog.files import Entry

__all__ = ["Catalog", "Compatibility", "Entry"]
