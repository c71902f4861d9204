"""The doors for people with a terminal or a browser: SSH and the web, each in front of the server, never behind it."""
