"""The full-text indexes, which are no tables of SQLModel's: migrations make them."""

from collections.abc import Mapping

TEXT_INDEXES: Mapping[str, tuple[str, ...]] = {
    "ticket_text": ("tokens",),
    "plugin_text": ("labels", "strong", "middle", "weak"),
}
"""Each with its columns beside its `rowid`."""
