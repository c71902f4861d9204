"""SpiffWorkflow: a BPMN process (start, user task, exclusive gateway, user task, end) whose state is kept in SQLite, WAL, FULL.

One `step` is one of: begin a new one; complete its first task; complete its second task. Each loads the JSON from its row,
deserializes it, runs the engine, serializes it, updates the one row and commits. SpiffWorkflow itself keeps no history, no
notices and no search; who would need them writes more.
"""

import json
import random
import sqlite3
import sys
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

from lines import must_be_durable, serve
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

TICKETS = int(sys.argv[2])
PROCESS = """\
<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  targetNamespace="http://bench/job">
  <process id="job" isExecutable="true">
    <startEvent id="begin"><outgoing>f1</outgoing></startEvent>
    <sequenceFlow id="f1" sourceRef="begin" targetRef="report"/>
    <userTask id="report" name="Report"><incoming>f1</incoming><outgoing>f2</outgoing></userTask>
    <sequenceFlow id="f2" sourceRef="report" targetRef="which"/>
    <exclusiveGateway id="which" default="f4"><incoming>f2</incoming><outgoing>f3</outgoing><outgoing>f4</outgoing></exclusiveGateway>
    <sequenceFlow id="f3" sourceRef="which" targetRef="resume">
      <conditionExpression xsi:type="tFormalExpression">amount &lt;= 5000</conditionExpression></sequenceFlow>
    <sequenceFlow id="f4" sourceRef="which" targetRef="end"/>
    <userTask id="resume" name="Resume"><incoming>f3</incoming><outgoing>f5</outgoing></userTask>
    <sequenceFlow id="f5" sourceRef="resume" targetRef="end"/>
    <endEvent id="end"><incoming>f4</incoming><incoming>f5</incoming></endEvent>
  </process>
</definitions>
"""


def main() -> None:
    """Serve."""
    connection = sqlite3.connect(Path(sys.argv[1]) / "spiff.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(
        "CREATE TABLE flow (id INTEGER PRIMARY KEY, state TEXT, data TEXT NOT NULL)"
    )
    must_be_durable(lambda pragma: connection.execute(pragma).fetchone()[0])
    parser = BpmnParser()
    parser.add_bpmn_io(BytesIO(PROCESS.encode()))
    spec = parser.get_spec("job")
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    chance = random.Random(1)

    def begun() -> str:
        flow = BpmnWorkflow(spec)
        flow.do_engine_steps()
        return serializer.serialize_json(flow)

    with_one = begun()
    connection.execute("BEGIN")
    for _ in range(TICKETS):
        connection.execute("INSERT INTO flow (state, data) VALUES ('open', ?)", (with_one,))
    connection.execute("COMMIT")

    def step() -> None:
        number = 1 + int(chance.random() * TICKETS)
        connection.execute("BEGIN IMMEDIATE")
        text = connection.execute("SELECT data FROM flow WHERE id = ?", (number,)).fetchone()[0]
        flow = serializer.deserialize_json(text)
        ready = flow.get_tasks(state=TaskState.READY, manual=True)
        if ready:
            ready[0].set_data(amount=120, note="Line 12 measured again", site="HQ-3-112")
            ready[0].run()
            flow.do_engine_steps()
            text = serializer.serialize_json(flow)
        else:
            text = begun()
        connection.execute(
            "UPDATE flow SET state = ?, data = ? WHERE id = ?", ("open", text, number)
        )
        connection.execute("COMMIT")

    assert json.loads(with_one)
    serve(version("SpiffWorkflow"), {"step": step})


if __name__ == "__main__":
    main()
