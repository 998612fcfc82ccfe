"""Forms as JSON Schema 2020-12: the words of the language, and what composes a form of them."""
