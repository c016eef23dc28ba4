"""Expressions and three-valued logic for the second reading of docs/LANGUAGE.md."""

import ast
import functools
import operator

# Three-valued logic: True, False, and None for unknown.


def all_of(parts):
    parts = list(parts)
    if False in parts:
        return False
    return None if None in parts else True


def any_of(parts):
    parts = list(parts)
    if True in parts:
        return True
    return None if None in parts else False


def negation(part):
    return None if part is None else not part


# Expressions become small tuples: ("and", parts), ("fact", name), ("compare", terms, signs) ...

SIGNS = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
SIZES = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@functools.cache
def parse(text):
    return shape(ast.parse(text, mode="eval").body)


def shape(node):
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return ("not", shape(operand))
        case ast.BoolOp(op=op, values=values):
            return ("and" if isinstance(op, ast.And) else "or", [shape(v) for v in values])
        case ast.Compare(left=left, ops=ops, comparators=rest):
            return ("compare", [term(n) for n in (left, *rest)], [SIGNS[type(o)] for o in ops])
        case ast.Call(func=ast.Name(id="known"), args=[fact]):
            return ("known", dotted(fact))
    return term(node)


def term(node):
    """A fact or a constant."""
    match node:
        case ast.Name() | ast.Attribute():
            name = dotted(node)
            return ("constant", name == "true") if name in ("true", "false") else ("fact", name)
        case ast.List(elts=elements):
            return ("constant", [term(element)[1] for element in elements])
        case ast.Constant(value=said):
            return ("constant", said)
    raise ValueError(f"not in the language: {ast.unparse(node)}")


def dotted(node):
    return node.id if isinstance(node, ast.Name) else f"{dotted(node.value)}.{node.attr}"


def truth(tree, see):
    """True, False or None: what an expression says when `see(name)` gives the facts."""
    kind = tree[0]
    if kind == "and":
        return all_of(truth(part, see) for part in tree[1])
    if kind == "or":
        return any_of(truth(part, see) for part in tree[1])
    if kind == "not":
        return negation(truth(tree[1], see))
    if kind == "known":
        return see(tree[1]) is not None
    if kind == "compare":
        terms = [value(part, see) for part in tree[1]]
        return all_of(map(compare, terms, tree[2], terms[1:]))
    return value(tree, see)


def value(tree, see):
    return tree[1] if tree[0] == "constant" else see(tree[1])


def compare(left, sign, right):
    if left is None or right is None:
        return None
    if sign in SIZES:
        return SIZES[sign](left, right)
    if isinstance(right, frozenset):
        left, right = right, left
    rights = right if sign in ("in", "not in") else [right]
    lefts = left if isinstance(left, frozenset) else [left]  # several hats: any of them
    alike = any(x in rights for x in lefts)
    return alike if sign in ("==", "in") else not alike


def unknown_facts(tree, see):
    """The facts that leave an expression unknown."""
    if truth(tree, see) is not None:
        return []
    if tree[0] in ("and", "or"):
        return [name for part in tree[1] for name in unknown_facts(part, see)]
    if tree[0] == "not":
        return unknown_facts(tree[1], see)
    terms = tree[1] if tree[0] == "compare" else [tree]
    return [name for kind, name in terms if value((kind, name), see) is None]
