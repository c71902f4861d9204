"""`casewright knowledge`."""

from casewright import Noun, text

KNOWLEDGE = Noun(name="knowledge", help=text("find, use and keep articles"), verbs=())
