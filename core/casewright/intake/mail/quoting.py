"""What somebody wrote themselves in a mail, without what it quotes and without their signature.

Nothing is cut where nothing would be left, nor from what was forwarded: there what is quoted is the matter.
"""

import re
from collections.abc import Sequence

from casewright.patterns import pattern

LONGEST_SIGNATURE = 15
"""Lines; what is longer below `--` is none."""
_SEPARATOR = pattern(
    r"\s*[-_*—]{2,}\s*(original message|original appointment|原始邮件|原邮件|原始郵件|邮件原文|回复的原邮件|原始信息)\s*[-_*—]{2,}.*",
    re.IGNORECASE,
)
_FORWARDED = pattern(
    r"\s*[-_*—]{2,}\s*(forwarded (message|by)|begin forwarded|转发邮件|转发的邮件|轉寄郵件|转发邮件信息).*|begin forwarded message:.*",
    re.IGNORECASE,
)
_FORWARDING = pattern(r"\s*(fwd?|fw|转发|轉寄|转)\s*[:：]", re.IGNORECASE)
_ANSWERED = pattern(
    r"(on\b.{4,300}\bwrote|at\b.{4,300}\bwrote|le\b.{4,300}a écrit|am\b.{4,300}schrieb.{0,100}"
    r"|.{0,200}于.{4,200}写道|在.{4,300}写道|.{4,300}寫道|.{4,200}写信给.{0,100}|.{4,200}<[^<>\s]+@[^<>\s]+>\s*(写道|编写))\s*[:：]?\s*",
    re.IGNORECASE,
)
_VERBS = ("wrote", "schrieb", "écrit", "写道", "寫道", "写信给", "编写")
_HEADER = pattern(
    r"\s*[*>]?\s*\*?(from|sent|date|to|cc|subject|发件人|發件人|寄件者|发送时间|發送時間|发送日期|日期|时间|收件人|抄送|主题|主題)\*?\s*[:：].*",
    re.IGNORECASE,
)
_FIRST_HEADER = pattern(r"\s*\*?(from|发件人|發件人|寄件者)\*?\s*[:：]\s*\*?.+", re.IGNORECASE)
_SENT_FROM = pattern(
    r"\s*(sent from my .{1,60}|sent from .{1,30} for (ios|android|windows).*|get outlook for .{1,30}"
    r"|发自我的.{1,40}|发自.{0,10}(iphone|ipad|android|手机|邮箱|outlook).{0,40}|從我的.{1,40}傳送|从 ?windows.{0,20}发送|来自我的.{1,40}"
    r"|获取\s*outlook for .{1,30}|由.{1,20}(邮箱|手机|客户端)发送)\s*[.。]?\s*",
    re.IGNORECASE,
)
_LONGEST_LINE = 2_000


def own_words(text: str, *, subject: str = "") -> str:
    """Return what the sender wrote; the text itself where that cannot be told apart."""
    lines = [
        one[:_LONGEST_LINE] if len(one) > _LONGEST_LINE else one for one in text.split("\n")
    ]
    if len(text) > 500_000 or _FORWARDING.match(subject):
        return text
    kept = _above(lines)
    if kept is None:
        return text
    kept = _unsigned(kept)
    found = "\n".join(text.split("\n")[: len(kept)] if kept == lines[: len(kept)] else kept)
    return found.strip("\n") if found.strip() else text


def _above(lines: Sequence[str]) -> list[str] | None:
    """Return the lines above what is quoted; None where words stand between what is quoted."""
    for number, line in enumerate(lines):
        if _FORWARDED.fullmatch(line.strip()):
            return list(lines)
        if _SEPARATOR.fullmatch(line.strip()) or _begins_headers(lines, number):
            return _rule_removed(list(lines[:number]))
        after = _answers(lines, number)
        if after:
            return _around(lines, number, after)
    return _without_quotes(lines)


def _around(lines: Sequence[str], number: int, after: int) -> list[str] | None:
    """Return what stands above `.. wrote:`, or below all that it quotes; None where both have words."""
    above, below = list(lines[:number]), list(lines[after:])
    quoted = [place for place, one in enumerate(below) if one.lstrip().startswith(">")]
    if not quoted:
        return above if any(map(str.strip, above)) else None
    own = [one for one in below if one.strip() and not one.lstrip().startswith(">")]
    if not own:
        return above
    last = quoted[-1] + 1
    block = below[:last]
    if any(map(str.strip, above)) or any(
        one.strip() and not one.lstrip().startswith(">") for one in block
    ):
        return None
    return below[last:]


def _without_quotes(lines: Sequence[str]) -> list[str] | None:
    """Return the lines without those behind `>` at the end; None where there are more of them in between."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith(">")):
        end -= 1
    kept = list(lines[:end])
    return None if any(one.lstrip().startswith(">") for one in kept) else kept


def _begins_headers(lines: Sequence[str], number: int) -> bool:
    """Return whether the head of another mail begins here: three of its lines, one after the other."""
    if not _FIRST_HEADER.fullmatch(lines[number]):
        return False
    following = [one for one in lines[number + 1 : number + 8] if one.strip()]
    return sum(bool(_HEADER.fullmatch(one)) for one in following[:5]) >= 2


def _answers(lines: Sequence[str], number: int) -> int:
    """Return the line after `On .. wrote:` that begins here, over three lines at most; 0 for none."""
    if not lines[number].strip() or lines[number].lstrip().startswith(">"):
        return 0
    for length in (1, 2, 3):
        joined = " ".join(one.strip() for one in lines[number : number + length])
        said = joined[-130:].lower()
        if (
            len(joined) < 600
            and any(one in said for one in _VERBS)
            and _ANSWERED.fullmatch(joined)
        ):
            return number + length
    return 0


def _rule_removed(lines: list[str]) -> list[str]:
    """Return lines without blank ones and rules at their end."""
    while lines and not lines[-1].strip(" \t_-—*="):
        lines.pop()
    return lines


def _unsigned(lines: list[str]) -> list[str]:
    """Return the lines above the signature."""
    for number in range(len(lines) - 1, max(-1, len(lines) - LONGEST_SIGNATURE - 2), -1):
        if lines[number].rstrip() == "--":
            lines = lines[:number]
            break
    while lines and (not lines[-1].strip() or _SENT_FROM.fullmatch(lines[-1])):
        lines = lines[:-1]
    return lines
