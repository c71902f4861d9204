"""What was pasted, as a field takes it: whatever a terminal would obey is left out."""

from casewright.visible import UNSAFE


def one_line(text: str) -> str:
    """Return a text on one line; its line ends become blanks."""
    return " ".join(several_lines(text).split("\n")).strip("\n")


def several_lines(text: str) -> str:
    """Return a text whose line ends are one character each, without control characters and tabs."""
    tidy = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "\n".join(UNSAFE.sub("", one) for one in tidy.split("\n")).rstrip("\n")
