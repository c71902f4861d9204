"""The command line: one module a noun, each a table of verbs over the desk."""
