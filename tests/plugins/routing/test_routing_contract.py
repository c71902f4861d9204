"""Routing keeps what every plugin keeps."""

from casewright.testing.plugin_contract import PluginContract


class TestRouting(PluginContract):
    plugin = "routing"
