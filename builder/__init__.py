"""Builds the guide « Une fois où… » from its YAML files."""
