"""The desk of a workspace that a server owns: the same commands and queries, said over HTTP."""
