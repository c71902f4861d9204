"""`casewright customer`: the customers, what is known of them, and contacts with them."""

from casewright.cli.customer_acting import ADD, CONTACT, MERGE, RESOLVE
from casewright.cli.customer_checking import CHECK
from casewright.cli.customer_erasing import ERASE, ERASURES
from casewright.cli.customer_import import IMPORT
from casewright.cli.customer_showing import CONTACTS, FIND, LIST, SHOW
from casewright.cli.grammar import Noun
from casewright.texts import text

NOUNS = (
    Noun(
        name="customer",
        help=text("the customers"),
        verbs=(
            ADD,
            SHOW,
            FIND,
            LIST,
            IMPORT,
            MERGE,
            CONTACT,
            CONTACTS,
            RESOLVE,
            ERASE,
            ERASURES,
            CHECK,
        ),
    ),
)
