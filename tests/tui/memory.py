"""How much memory a process holds, as Linux counts it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Megabytes: all that is resident, its share of what others hold too, and what is this process's alone."""

    resident: float
    share: float
    private: float

    def __str__(self) -> str:
        return f"RSS {self.resident:.0f} MB, PSS {self.share:.0f} MB, private {self.private:.0f} MB"


def memory(process: int) -> Memory:
    """Return how much memory a process holds now."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    found = {
        name: int(said.split()[0]) / 1000
        for name, _, said in (one.partition(":") for one in lines)
    }
    return Memory(
        resident=found["Rss"],
        share=found["Pss"],
        private=found["Private_Clean"] + found["Private_Dirty"],
    )
