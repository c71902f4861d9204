"""The terminal of casewright: what people see who work in a terminal the whole day. It asks the desk, and decides nothing.

What plugins may import stands in `casewright_tui.panels` and `casewright_tui.lines`; importing this package pulls in nothing.
"""
