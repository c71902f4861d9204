"""Every code that `check` gives for a workflow: what it means, and whether it is only a warning."""

from collections.abc import Mapping
from types import MappingProxyType

from casewright.errors import Message, Place, Problem

REFUSALS: Mapping[str, str] = MappingProxyType(
    {
        "unreadable": "The file cannot be read, or is no YAML as casewright accepts it.",
        "no_workflow": "A file of the workspace that is no workflow was named as one.",
        "plugin_failed": "A plugin failed when it was to check its own file.",
        "unknown_word": "A word that the language does not have in this place.",
        "missing_word": "A word that must be there is not.",
        "misplaced_word": "A word of the language that does not go with the others here.",
        "wrong_shape": "A value of the wrong kind: a list where a text belongs, an empty text ...",
        "one_verb": "An action does nothing, or two things.",
        "bad_name": "A name that is not written in lower case letters, digits and _.",
        "bad_text": "A text for people that lacks English or Chinese.",
        "bad_duration": "A duration that cannot be understood.",
        "bad_threshold": "A threshold that is not `80%`, `4 hours before` or `1 day after`.",
        "name_differs": "The workflow and its file have different names.",
        "prefix_taken": "Two workflows number their tickets with the same prefix.",
        "unknown_language": "A version of the language that this casewright does not know.",
        "unknown_state": "A state that does not exist.",
        "unknown_transition": "A transition that does not exist (with `after`: not in this state; with `shared`: not a shared one).",
        "unknown_form": "A form that is not in `forms/`.",
        "unknown_field": "A field that none of the workflow's forms has (with `open`: the child's form).",
        "unknown_choice": "A text that the field can never hold.",
        "unknown_role": "A role that is not in `roles.yaml`.",
        "unknown_party": "A word that names nobody.",
        "unknown_workflow": "A child workflow that does not exist.",
        "unknown_table": "A table that is not in `tables/`.",
        "unknown_column": "A column that the table does not have.",
        "unknown_department": "A department that is not in the table `departments`.",
        "unknown_calendar": "A calendar that is not in `workflows/calendars/`.",
        "unknown_channel": "A channel that is neither one of casewright's own nor in `casewright.toml`.",
        "unknown_template": "A template that is neither in `workflows/templates/` nor shipped with casewright.",
        "unknown_promise": "A ladder for a promise that does not exist.",
        "unknown_event": "A promise that begins or ends with something that does not exist.",
        "ambiguous_name": "A promise that begins or ends with a name that is two things.",
        "reserved_name": "A promise with a name that belongs to the product's own clocks.",
        "field_kinds_differ": "Two forms of the workflow have the same field with different kinds.",
        "missing_field": "A child ticket is opened without a field that its form requires.",
        "wrong_value": "A literal that does not fit the field, or the word, it is put into.",
        "shared_twice": "A state names a shared transition that it has itself, or names one twice.",
        "duplicate_key": "Two transitions of a state are bound to the same key.",
        "guard_syntax": "Not an expression.",
        "guard_unknown_field": "An expression asks for a field that no form has.",
        "guard_unknown_name": "An expression uses a variable or function that does not exist.",
        "guard_wrong_type": "An expression that gives something else than is needed here.",
        "guard_too_complex": "An expression that could take too long.",
        "misplaced_each": "`each` outside an action that is repeated.",
        "unreachable_state": "A state that no way leads to.",
        "no_way_out": "A state from which no final state (or one that `rests`) can be reached; the shortest way into it is printed.",
        "final_has_ways": "A final state that something leads on from.",
        "not_final": "`withdrawn` or `merged`, declared as something else than final.",
        "automatic_loop": "A circle that turns without anybody doing anything; the circle is printed.",
        "approval_impossible": "An approval that nobody may give.",
        "undo_impossible": "`undo` on a transition that nobody could honestly take back.",
        "transition_impossible": "A transition that nobody may take.",
        "tells_nobody": "A step of a ladder, or an action, that tells nobody.",
        "told_twice": "A ladder that tells the same person twice over the same channel at one threshold.",
        "promise_never_met": "A promise whose end cannot be reached once it has begun; the way to its beginning is printed.",
        "promise_circle": "A promise that waits for itself to be met.",
    }
)
"""Problems that keep a workflow from being published."""

WARNINGS: Mapping[str, str] = MappingProxyType(
    {
        "not_judged": "Beside files that are no YAML: what else is wrong is told when they can be read.",
        "no_last_case": "The last of several cases has a condition; nothing happens when none holds.",
        "dead_case": "A case behind one that is always taken.",
        "no_target": "A priority that a ticket can have and a promise has no target for.",
        "step_skipped": "A step `before` the due time that a shorter target leaves no room for.",
        "no_ladder": "A promise that no ladder watches over.",
        "unused_shared": "A shared transition that no state names.",
        "no_title": "A state without a title.",
        "refusal_without_when": "`refusal` on a transition that has no `when`: nobody would ever read it.",
        "no_customer_title": "A state without words for the customer, where others have some.",
    }
)
"""Problems that a workflow can run with."""


def problem(code: str, reason: Message, place: Place) -> Problem:
    """Return the problem `workflow.<code>`; a code that is not listed here is a bug."""
    if code not in REFUSALS and code not in WARNINGS:
        raise KeyError(code)
    return Problem(code=f"workflow.{code}", message=reason, place=place, grave=code in REFUSALS)
