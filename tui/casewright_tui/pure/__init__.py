"""Functions from what the desk answered to lines that are shown; they import nothing of Textual."""
