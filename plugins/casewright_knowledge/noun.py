"""`casewright knowledge`: find, use and keep articles."""

from casewright import Noun, Option, Verb, text
from casewright_knowledge import noun_acting as acting
from casewright_knowledge import noun_showing as showing

_ARTICLE = Option(name="ARTICLE", needed=True, help=text("the article's key"))
_TICKET = Option(name="TICKET", needed=True, help=text("the ticket's key"))
_WORDS = Option(name="WORDS", many=True, needed=True, help=text("words, or a whole question"))
_LIMIT = Option(name="--limit", value="COUNT", help=text("how many at most"))
_AGAIN = Option(
    name="--id", value="ID", help=text("the command's id: the same id again does nothing twice")
)

KNOWLEDGE = Noun(
    name="knowledge",
    help=text("find, use and keep articles"),
    verbs=(
        Verb(
            name="search",
            run=showing.search,
            help=text("find articles by words, or by a question"),
            more=text(
                "First come articles in which all words stand; then those that are about the same in other words. "
                "What nothing fits is noted for those who write articles."
            ),
            options=(
                Option(name="WORDS", many=True, help=text("words, or a whole question")),
                Option(name="--category", value="CATEGORY", help=text("only of this category")),
                Option(name="--tag", value="TAG", help=text("only with this tag")),
                Option(name="--product", value="PRODUCT", help=text("only about this product")),
                _LIMIT,
            ),
        ),
        Verb(
            name="suggest",
            run=showing.suggest,
            help=text("tell which articles fit a ticket, and why"),
            options=(_TICKET, _LIMIT),
        ),
        Verb(
            name="uses",
            run=showing.uses,
            help=text("tell which articles served a ticket"),
            options=(_TICKET,),
        ),
        Verb(
            name="show",
            run=showing.show,
            help=text("show an article; it counts as read"),
            options=(
                _ARTICLE,
                Option(
                    name="--number", value="N", help=text("the version (default: the newest)")
                ),
            ),
        ),
        Verb(
            name="file",
            run=acting.file,
            help=text("put a file of an article where you want it"),
            options=(
                _ARTICLE,
                Option(name="PLACE", needed=True, help=text("a file that is not there yet")),
                Option(
                    name="--number", value="N", help=text("which file (default: the first)")
                ),
            ),
        ),
        Verb(
            name="use",
            run=acting.use,
            help=text("link an article to a ticket, and print what it says in plain words"),
            options=(_TICKET, _ARTICLE, _AGAIN),
        ),
        Verb(
            name="rate",
            run=acting.rate,
            help=text(
                "say whether an article helped; one that is wrong goes to whoever answers for it"
            ),
            options=(
                _ARTICLE,
                Option(
                    name="VERDICT",
                    needed=True,
                    choices=("helped", "did-not-help", "wrong"),
                    help=text("helped, did-not-help or wrong"),
                ),
                Option(name="--reason", value="TEXT", help=text("why; needed for wrong")),
                Option(
                    name="--ticket", value="TICKET", help=text("the ticket that it was for")
                ),
                _AGAIN,
            ),
        ),
        Verb(
            name="versions",
            run=showing.versions,
            help=text("list the versions of an article"),
            options=(_ARTICLE,),
        ),
        Verb(
            name="diff",
            run=showing.diff,
            help=text("tell what a version says otherwise than the one before"),
            options=(
                _ARTICLE,
                Option(
                    name="--newer",
                    value="N",
                    help=text("the newer version (default: the newest)"),
                ),
                Option(
                    name="--older",
                    value="N",
                    help=text("the older version (default: the one before)"),
                ),
            ),
        ),
        Verb(
            name="ask",
            run=acting.ask,
            help=text("ask groups to read an article"),
            options=(
                _ARTICLE,
                Option(
                    name="--who",
                    value="GROUP",
                    many=True,
                    needed=True,
                    help=text(
                        "everybody, role:x, team:x, department:x, queue:x or user:x; repeat it for several"
                    ),
                ),
                _AGAIN,
            ),
        ),
        Verb(
            name="readers",
            run=showing.readers,
            help=text("tell who has read an article, and who has not"),
            more=text("The exit code is 1 while somebody has not."),
            options=(
                _ARTICLE,
                Option(
                    name="--who",
                    value="GROUP",
                    help=text("such as queue:x (default: who was asked to)"),
                ),
                Option(
                    name="--number", value="N", help=text("the version (default: the newest)")
                ),
            ),
        ),
        Verb(
            name="import",
            run=acting.bring_in,
            help=text("bring in articles of a folder of Markdown files, or of a CSV file"),
            more=text(
                "All of them are looked at before the first is brought in. The same files again do nothing twice. docs/knowledge.md "
                "says how they are written."
            ),
            options=(
                Option(name="PLACE", needed=True, help=text("the folder, or the CSV file")),
                Option(
                    name="--take-over",
                    help=text("publish them at once: they were approved elsewhere"),
                ),
                Option(name="--check", help=text("only look whether they could be brought in")),
            ),
        ),
        Verb(
            name="export",
            run=acting.export,
            help=text(
                "write the articles that you may read into Markdown files, or a CSV file"
            ),
            options=(
                Option(
                    name="PLACE",
                    needed=True,
                    help=text("the folder, or a name that ends in .csv"),
                ),
            ),
        ),
        Verb(
            name="report",
            run=showing.report,
            help=text("tell what is used, what nobody needs, what is old and what is missing"),
            options=(
                Option(
                    name="--days", value="DAYS", help=text("over how many days (default 90)")
                ),
                _LIMIT,
            ),
        ),
        Verb(
            name="rebuild",
            run=acting.rebuild,
            help=text(
                "let articles be found by what means the same now, after synonyms.yaml has changed"
            ),
        ),
        Verb(
            name="forget",
            run=acting.forget,
            help=text("take what was sought and not found off the list"),
            options=(_WORDS,),
        ),
    ),
)
