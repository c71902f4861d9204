"""The host of plugins: finds those that casewright.toml names, checks what they bring, and calls them under watch.

It knows nothing of databases: what became of a plugin earlier (strikes, left out) is told to it.
"""
