"""`casewright intake csv`: the rows of a table, each taken in as something that came over a channel."""

from collections import Counter
from pathlib import Path

from casewright import regular_file
from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Option, Verb
from casewright.cli.refusal import problem_document, problem_line
from casewright.cli.replay import progress_bar
from casewright.cli.session import Session
from casewright.commands import TakeInRow
from casewright.csv_reading import ENCODINGS
from casewright.intake.csv_rows import MAX_BYTES, read_rows
from casewright.intake.maps import map_from_data
from casewright.queries import GetIntake
from casewright.texts import text

OUTCOMES = ("opened", "attached", "unsorted", "dropped", "repeated")
"""What may become of a row, as it is told."""


def take_in_rows(session: Session, given: Given) -> Answer:
    """Take in the rows that can be read; not done when some cannot, which are listed."""
    file, channel = given.needed("file"), given.needed("channel")
    said = session.desk.ask(GetIntake(actor=session.actor))
    known = said.get("channels", {}).get(channel, {})
    places = map_from_data(known.get("map", {})).places
    rows, problems = read_rows(
        regular_file.read(Path(file), limit=MAX_BYTES),
        file=file,
        named=places,
        encoding=given.text("encoding") or "utf-8",
    )
    outcomes: Counter[str] = Counter()
    with progress_bar(session.texts.text("writing")) as progress:
        for number, row in enumerate(rows, 1):
            command = TakeInRow(
                actor=session.actor, channel=channel, row=row.id, cells=row.cells
            )
            outcomes[(session.desk.execute(command).answer or {})["outcome"]] += 1
            if progress is not None:
                progress(number, len(rows))
    texts = session.texts
    counts = {name: outcomes[name] for name in OUTCOMES}
    line = texts.say(
        "Rows: {opened} opened a ticket, {attached} were added to one, {unsorted} wait unsorted, "
        "{dropped} were dropped, {repeated} were here before.",
        **counts,
    )
    lines = [line, *(problem_line(one, texts) for one in problems)]
    document = {**counts, "problems": [problem_document(one, texts) for one in problems]}
    return Answer(document=document, lines=lines, done=not problems)


CSV = Verb(
    name="csv",
    run=take_in_rows,
    help=text("take in the rows of a CSV file, each as something that came in"),
    more=text(
        "The channel's 'map' in intake.yaml says which column means what. Rows that cannot be read are listed, the others "
        'are taken in; the same file once more adds nothing. A folder does so by itself: [intake.NAME] driver = "folder".'
    ),
    options=(
        Option(name="FILE", needed=True, help=text("a CSV file with a first line of titles")),
        Option(
            name="--channel",
            value="NAME",
            needed=True,
            help=text("the channel of intake.yaml that it came over"),
        ),
        Option(
            name="--encoding",
            value="NAME",
            choices=ENCODINGS,
            help=text("utf-8 (the default) or gb18030"),
        ),
    ),
)
