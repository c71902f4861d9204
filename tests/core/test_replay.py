"""A log replayed is tickets in the real store, on the log's own clock; again, it adds nothing."""

import csv
import gzip
import json
from dataclasses import replace as changed
from datetime import UTC, datetime, timedelta

import pytest

from casewright.cli.__main__ import main
from casewright.commands import FireTransition, ProposePublication, PublishTables, SavePerson
from casewright.config import Config
from casewright.desk import open_desk
from casewright.errors import LogMapRefused, NotAllowed, ProblemsFound
from casewright.exchange.discover import discover
from casewright.exchange.log_model import Columns
from casewright.exchange.logs import read_cases
from casewright.exchange.replay import EVENTS_AT_ONCE, replay
from casewright.exchange.replay_people import UNKNOWN, person_name
from casewright.model import SYSTEM
from casewright.queries import (
    GetHistory,
    GetTicket,
    ListPeople,
    ListTickets,
    ListWorkflows,
    VerifyAudit,
)
from casewright.store.database import open_sqlite
from casewright.workflows.check import check_paths

COLUMNS = Columns(case="case", activity=("activity",), time="time", agent="agent")
BEGIN = datetime(2019, 12, 31, 23, 30, tzinfo=UTC)


class Workspace:
    """A folder with logs, a workflow discovered from one of them, and a database."""

    def __init__(self, folder):
        self.folder = folder
        self.workflow = folder / "W.yaml"
        self.map = folder / "W.yaml.map.yaml"

    def desk(self, **how):
        config = Config(
            root=self.folder,
            database=self.folder / "casewright.db",
            attachments=self.folder / "attachments",
        )
        return open_desk(config, create=True, **how)

    def log(self, *paths, name="log.csv", agents=("Value 1", "Value 2")):
        """Write a log with one case for each path, an event an hour."""
        file = self.folder / name
        with file.open("w", encoding="utf-8", newline="") as opened:
            rows = csv.writer(opened)
            rows.writerow(["case", "activity", "time", "agent"])
            for number, path in enumerate(paths, start=1):
                for step, activity in enumerate(path):
                    at = BEGIN + timedelta(minutes=number, hours=step)
                    rows.writerow([f"C{number}", activity, at.isoformat(), agents[step % 2]])
        return file

    def learn(self, log, columns=COLUMNS):
        """Write the workflow and the map that `log` shows."""
        found = discover(read_cases(log, columns), columns, name="W", log=log.name)
        self.workflow.write_text(found.workflow, encoding="utf-8")
        self.map.write_text(found.map, encoding="utf-8")

    def replay(self, desk, log, **how):
        return replay(desk, log, self.workflow, self.map, **how)


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path)


@pytest.fixture
def desk(workspace):
    with workspace.desk() as opened:
        yield opened


def histories(desk):
    tickets = desk.ask_as_system(ListTickets(actor=SYSTEM, limit=1000)).tickets
    return {
        one.key: desk.ask_as_system(GetHistory(actor=SYSTEM, ticket=one.key)) for one in tickets
    }


def figures(report):
    return changed(report, notes=())


# --- a real log --------------------------------------------------------------------------------


def test_the_help_desk_log_has_the_expected_figures_and_again_adds_nothing(
    real_data, helpdesk, facts, workspace, desk
):
    log = real_data / "helpdesk_it.csv"
    workspace.learn(log, helpdesk[0])

    report = workspace.replay(desk, log)
    verified = desk.ask_as_system(VerifyAudit(actor=SYSTEM))
    again = workspace.replay(desk, log)

    published, computed = (facts["helpdesk_it.csv"][key] for key in ("published", "computed"))
    times, top = computed["throughput_days"], computed["top_variant"]
    assert (report.cases, report.events) == (published["cases"], published["events"])
    assert (report.refused, report.reasons) == (0, ())
    assert report.variants == published["variants"]
    assert report.top_variant == (tuple(top["path"]), top["cases"])
    assert {name: getattr(report.throughput, name) for name in times} == times
    assert (verified.ok, verified.tickets) == (True, report.cases)
    assert verified.events == report.cases + report.events
    assert figures(again) == figures(report)
    assert desk.ask_as_system(VerifyAudit(actor=SYSTEM)) == verified


def test_a_hundred_cases_with_swapped_events_are_refused_where_the_succession_was_never_seen(
    real_data, helpdesk, workspace, desk
):
    columns, cases = helpdesk
    workspace.learn(real_data / "helpdesk_it.csv", columns)
    swapped = [with_swapped_events(case.path) for case in cases[:100]]
    log = write_with_header(workspace, columns, swapped)

    report = workspace.replay(desk, log)

    seen = {pair for case in cases for pair in zip((None, *case.path), case.path, strict=False)}
    expected = [found for path in swapped for found in never_seen(path, seen)]
    assert sorted(refused_pairs(report)) == sorted(expected)
    assert report.refused == len(expected) > 50
    assert {one.refusal.code for one in report.reasons} == {"transition.refused"}


def with_swapped_events(path):
    middle = len(path) // 2
    path = list(path)
    path[middle - 1], path[middle] = path[middle], path[middle - 1]
    return path


def write_with_header(workspace, columns, paths):
    log = workspace.log(*paths)
    names = dict(
        case=columns.case, activity=columns.activity[0], time=columns.time, agent=columns.agent
    )
    first, _, rest = log.read_text("utf-8").partition("\n")
    header = ",".join(names[one] for one in first.strip().split(","))
    log.write_text(f"{header}\n{rest}", encoding="utf-8")
    return log


def never_seen(path, seen):
    """The state and activity of each event that a reader with only the successions would refuse."""
    at = None
    for activity in path:
        if (at, activity) in seen:
            at = activity
        else:
            yield (at.lower().replace(" ", "_") if at else "opened"), activity


def refused_pairs(report):
    for one in report.reasons:
        yield from [(one.refusal.state, one.activity)] * one.count


@pytest.mark.soak
def test_the_incident_log_runs_through_the_engine_with_the_published_figures(
    real_data, incidents, facts, workspace, desk
):
    log = real_data / "BPIC13_incidents.xes.gz"
    workspace.learn(log, incidents[0])

    report = workspace.replay(desk, log)

    expected = facts["BPIC13_incidents.xes.gz"]
    published, computed = expected["published"], expected["computed"]
    assert (report.cases, report.events) == (published["traces"], published["events"])
    assert report.refused == 0
    assert report.throughput.total_seconds == published["duration_total_s"]
    assert report.throughput.median == computed["throughput_days_median"]
    assert report.variants == computed["variants_name_lifecycle"]
    assert desk.ask_as_system(VerifyAudit(actor=SYSTEM)).ok


# --- a second run, an interruption -------------------------------------------------------------


def test_an_event_that_was_refused_is_not_tried_again_when_its_ticket_stands_elsewhere(
    workspace, desk
):
    workspace.learn(workspace.log(("Ask", "Answer", "Close"), ("Ask", "Close", "Answer")))
    log = workspace.log(("Ask", "Ask", "Close"), ("Close", "Ask", "Close", "Answer"))
    # "Close" is refused at first; from "Answer", where the second case ends, it would be taken.
    first = workspace.replay(desk, log)
    before = histories(desk)

    again = workspace.replay(desk, log)

    assert first.refused == 2
    assert figures(again) == figures(first)
    assert histories(desk) == before


@pytest.mark.parametrize("statements", [1, 50, 4_000, 10_000])
def test_a_replay_that_was_cut_off_goes_on_and_comes_to_the_same(
    workspace, tmp_path, statements
):
    paths = [("Ask", "Answer", "Ask", "Close")] * 300
    log = workspace.log(*paths, ("Close",))
    workspace.learn(workspace.log(*paths, name="learnt.csv"))
    whole = Workspace(tmp_path / "whole")
    whole.folder.mkdir()
    whole.workflow, whole.map = workspace.workflow, workspace.map
    with whole.desk() as desk:
        expected = whole.replay(desk, log)
    with pytest.raises(KeyboardInterrupt):
        with workspace.desk(driver=cut_off_after(statements)) as desk:
            workspace.replay(desk, log)

    with workspace.desk() as desk:
        assert len(histories(desk)) in (0, 125, 250), "a batch is kept as a whole or not at all"
        report = workspace.replay(desk, log)
        verified = desk.ask_as_system(VerifyAudit(actor=SYSTEM))

    assert figures(report) == figures(expected)
    assert (verified.ok, verified.tickets, verified.events) == (True, 301, 301 + 1200)


def cut_off_after(statements):
    """Return a driver whose connection is interrupted at a statement, once a transaction is open."""

    class Interrupted:
        def __init__(self, path):
            self._connection = open_sqlite(path)
            self._left = statements

        @property
        def in_transaction(self):
            return self._connection.in_transaction

        def execute(self, sql, parameters=()):
            self._left -= self._connection.in_transaction
            if self._left == 0:
                raise KeyboardInterrupt
            return self._connection.execute(sql, parameters)

        def close(self):
            self._connection.close()

    return Interrupted


def test_the_same_log_packed_is_the_same_log(workspace, desk):
    log = workspace.log(("Ask", "Close"), ("Ask", "Close"))
    workspace.learn(log)
    packed = workspace.folder / "log.csv.gz"
    packed.write_bytes(gzip.compress(log.read_bytes()))
    workspace.replay(desk, log)

    report = workspace.replay(desk, packed)

    assert (report.cases, report.refused) == (2, 0)
    assert len(histories(desk)) == 2


def test_a_changed_workflow_is_published_and_runs_the_log_anew(workspace, desk):
    log = workspace.log(("Ask", "Close"))
    workspace.learn(log)
    workspace.replay(desk, log)
    text = workspace.workflow.read_text("utf-8")
    workspace.workflow.write_text(
        text.replace(
            "to_close: {to: close, by: anyone", "to_close: {to: close, by: role:team_leader"
        ),
        encoding="utf-8",
    )

    report = workspace.replay(desk, log)

    (refused,) = report.reasons
    assert (report.refused, refused.activity, refused.line) == (1, "Close", 3)
    assert str(refused.refusal.reason) == "only Team leader may do this"
    assert len(histories(desk)) == 2
    assert sum(one.current for one in desk.ask_as_system(ListWorkflows(actor=SYSTEM))) == 1


def test_work_done_on_a_replayed_ticket_changes_no_figure(workspace, desk):
    log = workspace.log(("Ask",), ("Ask", "Close"))
    workspace.learn(log)
    first = workspace.replay(desk, log)
    key = next(key for key, events in histories(desk).items() if len(events) == 2)
    desk.execute(FireTransition(actor="log.value_1", ticket=key, transition="to_close"))

    again = workspace.replay(desk, log)

    assert figures(again) == figures(first)


# --- what becomes of a case --------------------------------------------------------------------


def test_a_case_becomes_a_ticket_on_the_logs_own_clock(workspace, desk):
    log = workspace.log(("Ask", "Close"), agents=("Value 1", ""))
    workspace.learn(log)

    workspace.replay(desk, log)

    ((key, events),) = histories(desk).items()
    ticket = desk.ask_as_system(GetTicket(actor=SYSTEM, ticket=key))
    asked = BEGIN + timedelta(minutes=1)
    assert [one.at for one in events] == [asked, asked, asked + timedelta(hours=1)]
    assert [one.actor for one in events] == ["log.value_1", "log.value_1", UNKNOWN]
    assert (ticket.opened_at, ticket.received_at) == (asked, asked)
    assert (ticket.state, ticket.closed_at) == ("close", asked + timedelta(hours=1))
    assert (ticket.channel, events[0].private["reason"]) == ("log", "C1")
    assert key.split("-")[1] == "2019"


def test_whoever_acts_in_the_log_joins_the_staff_and_the_known_stay_as_they_are(
    workspace, desk
):
    log = workspace.log(("Ask", "Close"), agents=("Müller, A.", "值班 2"))
    workspace.learn(log)
    workspace.replay(desk, log)
    moved = SavePerson(
        actor=SYSTEM, name="log.值班_2", en="Two", zh="二", roles=("agent",), team="night"
    )
    desk.execute_as_system(moved)

    workspace.replay(desk, workspace.log(("Ask", "Close"), agents=("", "值班 2"), name="2.csv"))

    staff = {one.name: one for one in desk.ask_as_system(ListPeople(actor=SYSTEM))}
    assert [one.en for one in staff.values()] == ["Müller, A.", "Unknown", "Two"]
    assert staff["log.值班_2"].team == "night"
    assert all(one.roles == {"agent"} for one in staff.values())


def test_agents_keep_apart_whose_names_differ_in_signs_only():
    agents = ["Value 2", "Value-2", "Value_2", "unknown", "?!", "!?", "x" * 90, "x" * 91, None]

    names = [person_name(agent) for agent in agents]

    assert names[0] == "log.value_2"
    assert names[-1] == "log.unknown"
    assert len(set(names)) == len(agents)
    assert all(len(name) <= 64 and name.isprintable() for name in names)
    assert person_name("VALUE 2 ") == "log.value_2"


def test_a_case_that_cannot_be_opened_is_refused_with_all_its_events(workspace, desk):
    log = workspace.log(("Ask", "Close"), ("Ask",))
    workspace.learn(log)

    report = workspace.replay(desk, log, role="auditor")

    assert (report.cases, report.events, report.refused) == (2, 3, 3)
    assert {one.refusal.code for one in report.reasons} == {"not_allowed"}
    assert (report.variants, report.top_variant, report.throughput) == (0, None, None)
    assert histories(desk) == {}


def test_an_activity_that_the_map_does_not_know_is_refused_and_its_case_goes_on(
    workspace, desk
):
    workspace.learn(workspace.log(("Ask", "Close")))
    log = workspace.log(("Ask", "Dance", "Close"), ("Ask", "Dance", "Close"))

    report = workspace.replay(desk, log)

    (refused,) = report.reasons
    assert (refused.activity, refused.count, refused.case) == ("Dance", 2, "C1")
    assert (refused.refusal.state, refused.refusal.code) == ("ask", "log_map.unmapped")
    assert report.top_variant == (("Ask", "Close"), 2)


def test_progress_is_told_up_to_the_last_event(workspace, desk):
    paths = [("Ask", "Close")] * EVENTS_AT_ONCE
    log = workspace.log(*paths)
    workspace.learn(log)
    told = []

    workspace.replay(desk, log, progress=lambda done, total: told.append((done, total)))

    assert told[-1] == (2 * EVENTS_AT_ONCE, 2 * EVENTS_AT_ONCE)
    assert told == sorted(told)


# --- the command line ---------------------------------------------------------------------------


def test_in_a_folder_that_is_no_workspace_a_replay_makes_one_and_says_so(workspace, capsys):
    log = workspace.log(("Ask", "Close"), ("Ask",))
    workspace.learn(log)
    here = ["-C", str(workspace.folder), "--as", "ana", "--lang", "en", "--json"]
    words = ["replay", str(log), "--workflow", str(workspace.workflow)]

    first, told = main([*words, *here]), capsys.readouterr()
    again, nothing = main([*words, *here]), capsys.readouterr()
    verified, audit = main(["audit", "verify", *here]), capsys.readouterr()

    assert (first, again, verified) == (0, 0, 0)
    assert "is a workspace now" in told.err
    assert nothing.err == ""
    assert nothing.out == told.out
    assert json.loads(told.out)["refused"] == 0
    assert json.loads(audit.out)["events"] == 5


def test_no_workspace_is_made_for_a_log_that_is_not_there(workspace, capsys):
    workspace.learn(workspace.log(("Ask", "Close")))
    before = sorted(workspace.folder.iterdir())
    words = ["replay", str(workspace.folder / "lgo.csv"), "--workflow", str(workspace.workflow)]

    done = main([*words, "-C", str(workspace.folder), "--json"])

    assert done == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "file.unreadable"
    assert sorted(workspace.folder.iterdir()) == before


# --- what is published -------------------------------------------------------------------------


def test_a_discovered_workflow_passes_check_under_the_name_of_its_file(workspace):
    workspace.learn(workspace.log(("Ask", "Close")))

    assert [str(one) for one in check_paths([workspace.workflow])] == []


def test_roles_that_are_published_stay_as_they_are(workspace, desk):
    log = workspace.log(("Ask", "Close"))
    workspace.learn(log)
    workspace.replay(desk, log)
    roles = {
        name: {"title": {"en": name, "zh": name}, "permissions": ["ticket.*"]}
        for name in ("agent", "wizard")
    }
    desk.execute_as_system(PublishTables(actor=SYSTEM, tables={}, roles=roles))

    workspace.replay(desk, workspace.log(("Ask",), name="2.csv"))

    desk.execute_as_system(SavePerson(actor=SYSTEM, name="merlin", roles=("wizard",)))
    with pytest.raises(Exception, match="unknown role 'team_leader'"):
        desk.execute_as_system(SavePerson(actor=SYSTEM, name="ana", roles=("team_leader",)))


def test_whoever_may_not_publish_may_not_replay_and_nothing_is_written(workspace, desk):
    log = workspace.log(("Ask", "Close"))
    workspace.learn(log)
    workspace.replay(desk, log)
    workspace.learn(workspace.log(("Ask", "Answer"), name="2.csv"))
    before = histories(desk)

    with pytest.raises(NotAllowed, match=ProposePublication.permission):
        workspace.replay(desk, log, actor="log.value_1")

    assert histories(desk) == before
    assert len(desk.ask_as_system(ListWorkflows(actor=SYSTEM))) == 1


def test_a_map_for_another_workflow_is_refused_before_anything_is_written(workspace, desk):
    log = workspace.log(("Ask", "Close"))
    workspace.learn(log)
    workspace.map.write_text(workspace.map.read_text("utf-8").replace(': "w"', ': "v"'))

    with pytest.raises(LogMapRefused, match="for the workflow 'v', not for 'w'"):
        workspace.replay(desk, log)

    assert desk.ask_as_system(ListWorkflows(actor=SYSTEM)) == ()


def test_a_workflow_with_problems_is_refused_before_anything_is_written(workspace, desk):
    log = workspace.log(("Ask", "Close"))
    workspace.learn(log)
    text = workspace.workflow.read_text("utf-8")
    workspace.workflow.write_text(text.replace("to: close", "to: clos"), encoding="utf-8")

    with pytest.raises(ProblemsFound, match="did you mean 'close'"):
        workspace.replay(desk, log)

    assert desk.ask_as_system(ListWorkflows(actor=SYSTEM)) == ()
    assert desk.ask_as_system(ListPeople(actor=SYSTEM)) == ()
