"""Reads mkdocs.yml, where a maintainer says where the guide is published and whom to write to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from builder.engine import SiteError


def settings(config: Path) -> Mapping[str, Any]:
    """Give the settings. Raises SiteError when the file is not a group of keys."""
    from mkdocs.exceptions import ConfigurationError
    from mkdocs.utils.yaml import yaml_load
    from yaml import YAMLError

    try:
        with config.open("rb") as file:
            found = yaml_load(file)
    except (ConfigurationError, YAMLError, ValueError) as error:
        raise SiteError(f"{config.name} : YAML illisible ({error})") from error
    if not isinstance(found, dict):
        raise SiteError(f"{config.name} : ce n'est pas un groupe de clés.")
    return found


def extra(config: Path) -> Mapping[str, Any]:
    """Give what the settings have of ours, under `extra`."""
    found = settings(config).get("extra")
    return found if isinstance(found, dict) else {}
