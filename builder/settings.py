"""Reads mkdocs.yml, where a maintainer says where the guide is published and whom to write to."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from builder.engine import SiteError


def settings(config: Path) -> Mapping[str, Any]:
    """Give the settings. Raises SiteError when the file is not a group of keys."""
    return _read(config.name, config.read_bytes(), tuple(os.environ.items()))


@lru_cache(maxsize=1)  # a build asks six times
def _read(name: str, content: bytes, environment: object) -> Mapping[str, Any]:
    """Read what a file of settings holds, which may name variables of the environment."""
    from mkdocs.exceptions import ConfigurationError
    from mkdocs.utils.yaml import yaml_load
    from yaml import YAMLError

    try:
        found = yaml_load(BytesIO(content))
    except (ConfigurationError, YAMLError, ValueError) as error:
        raise SiteError(f"{name} : YAML illisible ({error})") from error
    if not isinstance(found, dict):
        raise SiteError(f"{name} : ce n'est pas un groupe de clés.")
    return found


def extra(config: Path) -> Mapping[str, Any]:
    """Give what the settings have of ours, under `extra`."""
    found = settings(config).get("extra")
    return found if isinstance(found, dict) else {}
