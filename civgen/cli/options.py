"""Options that several commands share, declared once.

A command takes a group of options as one dataclass: `spread` shows Typer its fields as if they were
the command's own parameters.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

import typer

from civgen.errors import InvalidFile, InvalidInput, Problem, Where, display_path
from civgen.jsontext import parse

if TYPE_CHECKING:
    from civgen.jobs.platform import Platform

#: What `--mature` says, as a request does.
MATURE: dict[str, Any] = {"yes": True, "no": False, "auto": "auto"}
Mature = Literal["yes", "no", "auto"]
_IMAGE = re.compile(r"^(?P<url>.+)@(?P<width>\d+)x(?P<height>\d+)$")


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """Spread dataclass parameters of a command into options."""
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {name: kind for name, kind in hints.items() if dataclasses.is_dataclass(kind)}

    @functools.wraps(command)
    def flat(**words: Any) -> None:
        for name, kind in groups.items():
            words[name] = kind(**{one.name: words.pop(one.name) for one in dataclasses.fields(kind)})
        command(**words)

    parameters: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        if parameter.name in groups:
            parameters.extend(_parameters(groups[parameter.name]))
        else:
            kept = parameter.replace(annotation=hints[parameter.name], kind=inspect.Parameter.KEYWORD_ONLY)
            parameters.append(kept)
    flat.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    flat.__annotations__ = {one.name: one.annotation for one in parameters} | {"return": None}
    del flat.__wrapped__
    return flat


def _parameters(group: Any) -> Iterator[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    for one in dataclasses.fields(group):
        default = one.default_factory() if one.default_factory is not dataclasses.MISSING else one.default
        yield inspect.Parameter(
            one.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hints[one.name]
        )


@dataclass
class RequestOptions:
    """A generation request on the command line."""

    request: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE|-]", help="Request as a JSON file, or - for stdin.", show_default=False
        ),
    ] = None
    ecosystem: Annotated[
        str | None, typer.Option("--ecosystem", "-e", help="Ecosystem key, for instance SDXL.")
    ] = None
    base_model: Annotated[str | None, typer.Option(help="Base model by name, in place of --ecosystem.")] = (
        None
    )
    workflow: Annotated[
        str | None, typer.Option("--workflow", "-w", help="Workflow key, for instance txt2img.")
    ] = None
    model: Annotated[int | None, typer.Option(help="Checkpoint, by model version id.")] = None
    prompt: Annotated[str | None, typer.Option("--prompt", "-p", help="The prompt.")] = None
    resource: Annotated[
        list[str], typer.Option(metavar="ID[:STRENGTH]", help="LoRA or other resource; may be repeated.")
    ] = field(default_factory=list)
    image: Annotated[
        list[str],
        typer.Option(
            metavar="PATH|URL[@WxH]",
            help="Source image: a URL, a data: URL, or a file (relative to the current directory, also in a "
            "request file). A size in pixels that is not given is read where needed. May be repeated.",
        ),
    ] = field(default_factory=list)
    set_: Annotated[
        list[str],
        typer.Option("--set", metavar="KEY=VALUE", help="Any other field of the request; may be repeated."),
    ] = field(default_factory=list)

    mature: Annotated[
        Mature | None,
        typer.Option(
            help="Whether mature content may come out: no is the default, auto leaves it to the currency.",
            show_default=False,
        ),
    ] = None
    preset: Annotated[
        str | None, typer.Option(metavar="NAME", help="Start from a preset; see `civgen preset --help`.")
    ] = None
    from_last: Annotated[
        bool,
        typer.Option(
            "--from-last", help="Start from the values used last, as `civgen submit --remember` kept them."
        ),
    ] = False

    def raw(self, platform: Platform | None = None) -> dict[str, Any]:
        """The request as flat JSON: what was used last, under a preset, a file and the options.

        Args:
            platform: what tells which fields there are to recall; by default the environment's.

        Raises:
            InvalidInput: with every option that cannot be read.
        """
        from civgen.cli.recalling import with_recalled

        return with_recalled(self._said(), self.preset, platform, last=self.from_last)

    def _said(self) -> dict[str, Any]:
        """The file's request with the options laid over it."""
        problems: list[Problem] = []
        said = {
            "ecosystem": self.ecosystem,
            "baseModel": self.base_model,
            "workflow": self.workflow,
            "model": self.model and {"id": self.model},
            "prompt": self.prompt,
            "resources": [_resource(text, problems) for text in self.resource],
            "images": [_image(text) for text in self.image],
            "allowMatureContent": MATURE[self.mature] if self.mature else None,
        }
        fields = {name: value for name, value in said.items() if value not in (None, [])}
        request = {**self._file(), **fields, **dict(_pair(text, problems) for text in self.set_)}
        if problems:
            raise InvalidInput(
                f"{problems[0].field} {problems[0].message}.", hint=problems[0].hint, details=problems
            )
        return request

    def _file(self) -> dict[str, Any]:
        if self.request is None:
            return {}
        data = read_json(self.request)
        if not isinstance(data, dict):
            raise InvalidInput("A request is a JSON object.", where=Where(self.request))
        return data


@dataclass
class ContextOptions:
    """What a request is judged by."""

    tier: Annotated[
        str | None, typer.Option(help="Membership tier whose limits apply, by default the environment's.")
    ] = None
    feature: Annotated[list[str], typer.Option(help="Feature switch that is on; may be repeated.")] = field(
        default_factory=list
    )
    repair: Annotated[
        bool,
        typer.Option(
            "--repair", help="Change what does not fit, as the platform does, and report each change."
        ),
    ] = False
    resources: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Resource records (JSON list or lines) in place of the database."),
    ] = None

    @property
    def mode(self) -> Any:
        """Strict, or repair."""
        from civgen.forms.form import Mode

        return Mode.REPAIR if self.repair else Mode.STRICT

    def records(self) -> list[dict[str, Any]]:
        """The resource records of `--resources`."""
        return read_records(self.resources) if self.resources else []


BatchOption = Annotated[
    str | None,
    typer.Option(
        "--batch",
        metavar="FILE|-",
        help='JSON Lines of {"id", "request"}; answers JSON Lines in the same order.',
    ),
]


def read_json(name: str) -> Any:
    """A JSON document from a file, or from stdin for `-`.

    Raises:
        InvalidFile: with line and column of what is no JSON.
        InvalidInput: an object has a key twice.
    """
    label = "stdin" if name == "-" else display_path(Path(name))
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        return parse(text)
    except OSError as error:
        raise InvalidFile(f"{label} cannot be read: {error.strerror}.", where=Where(label)) from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        line, column = getattr(error, "lineno", None), getattr(error, "colno", None)
        raise InvalidFile(f"{label} is not JSON: {error}.", where=Where(label, line, column)) from None


def read_records(path: Path) -> list[dict[str, Any]]:
    """Resource records from a JSON list, or from JSON Lines."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        data = [json.loads(line) for line in lines if line.strip()]
    except ValueError:
        data = read_json(str(path))
    data = data[0] if len(data) == 1 and isinstance(data[0], list) else data
    if not isinstance(data, list) or not all(isinstance(one, dict) and "id" in one for one in data):
        raise InvalidFile(
            f"{display_path(path)} must hold resource records, each an object with an id.",
            where=Where(display_path(path)),
        )
    return data


def _pair(text: str, problems: list[Problem]) -> tuple[str, Any]:
    """`KEY=VALUE`; the value is JSON where it can be read as such, else text."""
    key, sign, value = text.partition("=")
    if not sign or not key:
        problems.append(
            Problem("--set", "must be KEY=VALUE", given=text, hint="For instance --set steps=25.")
        )
        return text, None
    try:
        return key, parse(value)
    except json.JSONDecodeError:
        return key, value


def _resource(text: str, problems: list[Problem]) -> dict[str, Any]:
    number, sign, strength = text.partition(":")
    try:
        return {"id": int(number)} | ({"strength": float(strength)} if sign else {})
    except ValueError:
        problems.append(
            Problem(
                "--resource",
                "must be ID or ID:STRENGTH",
                given=text,
                hint="For instance --resource 368189:0.8.",
            )
        )
        return {}


def _image(text: str) -> Any:
    found = _IMAGE.match(text)
    if not found:
        return text
    return {"url": found["url"], "width": int(found["width"]), "height": int(found["height"])}


def refuse_beside_batch(batch: str | None, options: RequestOptions) -> None:
    """Refuse a request on the command line beside a batch, which brings its own.

    Raises:
        InvalidInput: both were given.
    """
    if batch and options != RequestOptions():
        hint = "Put the request into the batch's lines, or leave --batch out."
        raise InvalidInput("A request cannot be given beside --batch.", hint=hint)
