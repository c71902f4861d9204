"""The wire: commands, queries, answers and errors as JSON, both ways, for whoever is not in the server's process."""
