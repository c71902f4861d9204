"""A work order of the demonstration's story, from its receipt by the department to the archive."""

from casewright.cli.demo_teller import Teller
from casewright.commands import FireTransition


def work_order(teller: Teller, key: str, worker: str, found: str, *, passes: str) -> None:
    """Have `worker` sign for and complete an order that was sent out, and `passes` check the answer."""
    teller.later(minutes=35)
    teller.does(
        worker,
        FireTransition,
        "{who} signs for {ticket}.",
        "{who}签收 {ticket}。",
        ticket=key,
        transition="sign",
    )
    teller.later(minutes=50)
    results = {
        "installation": teller.words(
            "Moved and tested at the new address.", "已移机至新址并测速正常。"
        ),
        "staff": teller.words(
            "Repaired. The appointments were not passed on to the technician.",
            "已修复。预约信息未传达至装维人员。",
        ),
        "network": teller.words("No fault in the network on these days.", "当日网络侧无故障。"),
    }
    causes = {"installation": "none_found", "staff": "staff", "network": "none_found"}
    teller.does(
        worker,
        FireTransition,
        "{who} completes {ticket} with a result.",
        "{who}办结回复 {ticket}。",
        ticket=key,
        transition="complete",
        form={
            "result": results[found],
            "solved": True,
            "order_cause": causes[found],
            "category": "broadband_installation_move"
            if found == "installation"
            else "broadband_repair_late",
        },
    )
    teller.later(minutes=20)
    teller.does(
        passes,
        FireTransition,
        "{who} checks the answer and passes it.",
        "{who}审核通过。",
        ticket=key,
        transition="pass",
    )
