"""Whether a template speaks only of what there is: every name is known, and every value is of a kind that fits."""

from collections.abc import Mapping

from jinja2 import nodes

from casewright.delivery.template_filters import FILTERS
from casewright.delivery.template_names import Each, Names, Shape
from casewright.delivery.template_parts import Fault
from casewright.errors import Message, message
from casewright.nearest import hint


def faults(tree: nodes.Template, names: Names) -> list[Fault]:
    """Return every use in a template, whose parts are all allowed, of what `names` do not have."""
    inspection = _Inspection()
    for node in tree.body:
        inspection.statement(node, names)
    return inspection.found


class _Inspection:
    """Follows every value of a template from where it comes; collects what does not fit.

    A kind is None where it is not known, because the value itself was refused already.
    """

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def statement(self, node: nodes.Node, names: Names) -> None:
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                if not isinstance(part, nodes.TemplateData):
                    self._shown(part, names)
        elif isinstance(node, nodes.If):
            self._kind(node.test, names)
            for inner in (*node.body, *node.elif_, *node.else_):
                self.statement(inner, names)
        elif isinstance(node, nodes.For):
            self._loop(node, names)

    def _loop(self, node: nodes.For, names: Names) -> None:
        over = self._kind(node.iter, names)
        if not isinstance(over, Each) or not isinstance(node.target, nodes.Name):
            reason = message("'for' goes over a list that has a name, and over nothing else")
            self._refuse(node, "for", reason)
            return
        if node.test is not None or node.recursive:
            reason = message("'for' stands without 'if' and 'recursive'")
            self._refuse(node, "for", reason)
            return
        name = node.target.name
        if name in names or name == "loop":
            template = "'{name}' means something already; call the entry otherwise"
            self._refuse(node, name, message(template, name=name))
            return
        for inner in node.body:
            self.statement(inner, {**names, name: over.names})
        for inner in node.else_:
            self.statement(inner, names)

    def _shown(self, node: nodes.Expr, names: Names) -> None:
        kind, written = self._kind(node, names), _written(node)
        if kind == "moment":
            template = "write '{name}|localtime': a moment is shown in the site's own time"
            self._refuse(node, written, message(template, name=written))
        elif kind == "truth":
            reason = message("a condition is not shown; write {{% if .. %}}text{{% endif %}}")
            self._refuse(node, "", reason)
        elif isinstance(kind, Each | Mapping):
            template = "'{name}' has parts; say which one"
            self._refuse(node, written, message(template, name=written))

    def _kind(self, node: nodes.Node | None, names: Names) -> Shape | None:
        if isinstance(node, nodes.Name):
            return self._member(node, node.name, names)
        if isinstance(node, nodes.Getattr):
            return self._member(node, node.attr, self._kind(node.node, names))
        if isinstance(node, nodes.Filter):
            return self._filtered(node, names)
        if isinstance(node, nodes.Const):
            return "text" if isinstance(node.value, str) else "number"
        if isinstance(node, nodes.CondExpr):
            return self._chosen(node, names)
        if isinstance(node, nodes.Concat):
            for one in node.nodes:
                self._shown(one, names)
            return "text"
        return self._condition(node, names)

    def _member(self, node: nodes.Expr, name: str, holder: Shape | None) -> Shape | None:
        if isinstance(holder, Mapping):
            if name in holder:
                return holder[name]
            template = "unknown name '{name}'{hint} (here are: {known})"
            near = hint(name, holder)
            reason = message(template, name=name, hint=near, known=list(holder))
            self._refuse(node, name, reason)
        elif holder is not None:
            self._refuse(node, name, message("'{name}': that value has no parts", name=name))
        return None

    def _filtered(self, node: nodes.Filter, names: Names) -> Shape | None:
        kind = self._kind(node.node, names)
        known = FILTERS.get(node.name)
        if known is None:
            near = hint(node.name, FILTERS)
            reason = message("unknown filter '{name}'{hint}", name=node.name, hint=near)
            self._refuse(node, node.name, reason)
            return None
        given = tuple(one.value if isinstance(one, nodes.Const) else one for one in node.args)
        wrong = known.arguments(given)
        if node.node is None or node.kwargs or node.dyn_args or node.dyn_kwargs:
            wrong = message("it stands behind a value, with fixed values in its brackets")
        elif wrong is None and kind is not None and _word(kind) not in known.takes:
            wrong = message("'{before}' is nothing for it", before=_written(node.node))
        if wrong is not None:
            template = "filter '{name}': {reason}"
            self._refuse(node, node.name, message(template, name=node.name, reason=wrong))
        return known.gives

    def _chosen(self, node: nodes.CondExpr, names: Names) -> Shape | None:
        self._kind(node.test, names)
        kind = self._kind(node.expr1, names)
        if node.expr2 is None:
            self._refuse(node, "if", message("say after 'else' what is shown otherwise"))
            return kind
        other = self._kind(node.expr2, names)
        if kind is not None and other is not None and _word(kind) != _word(other):
            self._refuse(node, "if", message("both sides of 'if .. else' are of one kind"))
        return kind

    def _condition(self, node: nodes.Node | None, names: Names) -> Shape:
        """Look into and, or, not and comparisons."""
        if isinstance(node, nodes.Compare):
            compared = (node.expr, *(operand.expr for operand in node.ops))
            kinds = {_word(kind) for one in compared if (kind := self._kind(one, names))}
            operators = {operand.op for operand in node.ops}
            if len(kinds) > 1 or (kinds - {"number"} and operators - {"eq", "ne"}):
                template = "compare numbers with numbers, and texts with texts by == or != only"
                self._refuse(node, "", message(template))
        elif node is not None:
            for child in node.iter_child_nodes():
                self._kind(child, names)
        return "truth"

    def _refuse(self, node: nodes.Node, word: str, reason: Message) -> None:
        self.found.append(Fault(node.lineno or 1, word, reason))


def _word(kind: Shape) -> str:
    return "list" if isinstance(kind, Each) else kind if isinstance(kind, str) else "names"


def _written(node: nodes.Node | None) -> str:
    """Return a value as it is written, so far as it is a name."""
    if isinstance(node, nodes.Getattr):
        return f"{_written(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "…"
