"""What every plugin keeps, as tests that its author runs (they need pytest)."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from casewright.testing.laws.catalogue import LAWS
from casewright.testing.laws.law import Law


class PluginContract:
    """What every plugin keeps: derive from it, and say in `plugin` under which name yours is installed.

    `settings` are what its section of casewright.toml says, where it cannot do without.
    """

    plugin: ClassVar[str] = ""
    settings: ClassVar[Mapping[str, object]] = {}

    @pytest.mark.parametrize("law", LAWS, ids=[one.name for one in LAWS])
    def test_the_law_is_kept(self, law: Law, tmp_path: Path) -> None:
        """Each law by itself, on a plugin that is loaded anew."""
        broken = law.broken(self.plugin, tmp_path, self.settings)
        if broken:
            said = "\n".join(f"- {one}" for one in broken)
            pytest.fail(f"{self.plugin} breaks the law: {law.sentence}\n{said}", pytrace=False)
