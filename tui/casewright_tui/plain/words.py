"""The words of the plain mode in both languages, and what is said of them by `help`."""

from collections.abc import Mapping

from casewright.texts import text

WORDS: Mapping[str, tuple[str, ...]] = {
    "list": ("列表", "mine", "我的", "ls"),
    "team": ("班组",),
    "all": ("全部",),
    "due": ("临期",),
    "free": ("待领", "unassigned"),
    "more": ("更多",),
    "open": ("打开", "show", "查看"),
    "next": ("下一件",),
    "claim": ("领取",),
    "actions": ("操作",),
    "do": ("办理", "act"),
    "note": ("备注",),
    "history": ("经过",),
    "search": ("搜索", "/", "、", "／"),
    "new": ("新建",),
    "notices": ("通知",),
    "take": ("认领",),
    "refuse": ("拒绝",),
    "help": ("帮助", "?", "？"),
    "quit": ("退出", "exit", "bye", "q"),
}
"""Each word with its others."""
HELP: Mapping[str, str] = {
    "list": text("your tickets, the most urgent first; team, all, due, free: other views; more: the next ones"),
    "open": text("a ticket by its key, or by its number in the list; a number alone does the same"),
    "next": text("the next ticket of the list; claim: takes the most urgent one that nobody has, and opens it"),
    "actions": text("what can be done with the open ticket; do and its number or name does it"),
    "note": text("writes a note: note and the text"),
    "history": text("all that happened to the open ticket"),
    "search": text("finds tickets by words, a key or a number of a customer"),
    "new": text("opens a ticket"),
    "notices": text("what you were told; take or refuse and the number of a notice"),
    "quit": text("leaves"),
}  # fmt: skip


def word_of(typed: str) -> str:
    """Return the word that is meant by what was typed, "" where it is none."""
    sought = typed.casefold()
    return next((one for one, others in WORDS.items() if sought == one or sought in others), "")


def said(word: str, lang: str) -> str:
    """Return a word as it is typed in a language."""
    return WORDS[word][0] if lang == "zh" else word
