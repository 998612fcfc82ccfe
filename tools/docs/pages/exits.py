"""Exit codes and errors, as the tree of `civgen.errors` draws them."""

from __future__ import annotations

import re

import civgen.errors
from civgen.cli.app import INTERRUPTED
from tools.docs.markdown import code, document, table

_LINE = re.compile(r"^[\s│├└─]*[A-Z]\w+ +(?P<exit>\d+) {2}(?P<code>[a-z-]+) *(?P<when>.*)$", re.MULTILINE)


def pages() -> dict[str, str]:
    """One page."""
    found = [one.groupdict() for one in _LINE.finditer(civgen.errors.__doc__ or "")]
    rows = [("0", "", "fine"), *((one["exit"], code(one["code"]), one["when"]) for one in found)]
    rows.append((str(INTERRUPTED), code("interrupted"), "by Ctrl-C, or an answer that did not come"))
    text = document(
        "# Exit codes and errors",
        table(("exit code", "`error.code`", "when"), rows),
        "Worth trying again as it is: 5 and 6. Worth trying again when something was changed: 2, 3, 4, 7, "
        "8. A batch (9) says for each line which of these it was.",
        _SHAPE,
    )
    return {"docs/reference/exit-codes.md": text}


_SHAPE = """\
## The document of an error

`--json` prints one document on stdout, also on failure:

```json
{
  "error": {
    "code": "invalid-input",
    "message": "what happened",
    "hint": "what to do about it, or null",
    "where": {"file": "ecosystems/Nova.toml", "line": 12, "column": 1, "field": "id"},
    "details": [
      {"field": "steps", "given": 9999, "message": "is above 50", "hint": null, "where": null,
       "allowed": {"min": 10, "max": 50, "step": 1}}
    ]
  },
  "data": "the answer, where there is one although it is no"
}
```

`details` has every problem at once. Its JSON Schema: `civgen schema error`. Without `--json` the same is told
on stderr, and stdout stays empty."""
