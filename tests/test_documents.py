"""The documents say what the code does: every config key, every command, every problem code."""

from __future__ import annotations

import re
import types
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from geo.commands import _parser, _with_command
from geo.config.schema import AtlasTable

ROOT = Path(__file__).parent.parent


def models(model: Any) -> list[type[BaseModel]]:
    """A table class and all those inside it."""
    if get_origin(model) in (Annotated, Union, types.UnionType, dict, tuple):
        return [found for inner in get_args(model) for found in models(inner)]
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return []
    return [model, *(m for field in model.model_fields.values() for m in models(field.annotation))]


def test_every_config_key_is_explained() -> None:
    text = (ROOT / "docs" / "atlas-folder.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"[\w]+", " ".join(re.findall(r"`[^`]+`", text))))
    keys = {f.alias or name for model in models(AtlasTable) for name, f in model.model_fields.items()}
    assert keys - explained == {"layers", "maps"} - explained


def test_every_command_of_the_readme_is_one() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"python3 build_maps\.py([^`\n]*)", text)
    assert len(found) > 8
    for words in found:
        _parser()[0].parse_args(_with_command(words.split()))


@pytest.mark.parametrize("document", ["README.md", "docs/atlas-folder.md", "docs/format.md", "layers/README.md"])
def test_every_file_a_document_names_is_there(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    named = re.findall(r"`((?:docs|geo|layers|tests)/[\w./-]*\w)`|\]\(([\w./-]+)\)", text)
    missing = [name for pair in named for name in pair if name and not (ROOT / name).exists()]
    assert missing == []
