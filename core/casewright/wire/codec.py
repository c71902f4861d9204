"""Values of the product as plain JSON data and back, by the types that they declare.

A moment is ISO 8601 in UTC, a length of time seconds, bytes Base64, a set a list in order. Where a type says nothing (the
values of a sentence) or several things (a union), a value that is not plain says itself what it is, by `$`. A sentence
says, beside its template and values, what it comes to in the reader's language; reading it back, that is left out.
"""

from casewright.wire.parts import SAID as SAID
from casewright.wire.parts import TAG as TAG
from casewright.wire.parts import parts_of as parts_of
from casewright.wire.reading import read as read
from casewright.wire.writing import Say as Say
from casewright.wire.writing import written as written
