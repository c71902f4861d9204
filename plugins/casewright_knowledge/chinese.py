"""The Chinese of every sentence of this plugin, by its English."""

from collections.abc import Mapping

CHINESE: Mapping[str, str] = {}
