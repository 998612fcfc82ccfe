"""A form as one HTML page that needs nothing beside itself: fields, conditions, payload and price as data."""

from civgen.forms.page.data import fields_as_data
from civgen.forms.page.render import render_page

__all__ = ["fields_as_data", "render_page"]
