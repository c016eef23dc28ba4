"""Whether an Answer is what a case demands, and for the reason it names."""

PERMITTED = {"may", "must"}


def mismatches(case, answer):
    """What is not as expected, one sentence each; `answer` is an Answer as plain values."""
    expect, classes = case.expect, answer["classes"]
    going = {item for item, verdict in classes.items() if verdict in PERMITTED}
    if answer["outcome"] != expect["outcome"]:
        yield f"the outcome is {answer['outcome']}, not {expect['outcome']}"
    for item in expect["release"]:
        if item not in going:
            yield f"{item} should go and is {classes.get(item)}"
    for item in expect["withhold"]:
        if classes.get(item) is None or item in going:
            yield f"{item} should stay and is {classes.get(item)}"
    yield from _none_of("grounds", expect["grounds_any"], answer["grounds"])
    yield from _none_of("locks", expect["locks_any"], answer["locks"])
    yield from _none_of("questions", expect["questions_any"], answer["questions"])
    if expect["notice"] and answer["notice"] != expect["notice"]:
        yield f"the client's notice is {answer['notice']}, not {expect['notice']}"
    if expect["deadline"] and expect["deadline"] not in times(answer["duties"]):
        yield f"no duty has the time {expect['deadline']}, only {times(answer['duties'])}"


def _none_of(what, expected, found):
    if expected and not set(expected) & set(found):
        yield f"the {what} are {list(found)}, none of {expected}"


def times(duties):
    """Every time that a list of duties names."""
    found = set()
    for duty in duties:
        found |= {duty.get("due"), duty.get("not_before")}
        found |= {one["due"] for one in duty.get("later_of", ())}
    return sorted(time for time in found if time)


def further_mismatches(case, answer):
    """What a case says of the reasons, the ways that remain and the duties, beyond any scenario.

    `answer` is the Answer itself.
    """
    said = " ".join(answer.because)
    yield from (f"nothing says: {one}" for one in case.expect.get("says", ()) if one not in said)
    yield from (
        f"something says: {one}" for one in case.expect.get("never_says", ()) if one in said
    )
    for part in ("tell", "tell_if"):
        remaining = getattr(answer.instead, part, ())
        for recipient in case.expect.get(part, "").split():
            if recipient not in remaining:
                yield f"{recipient} is not among those of {part}: {remaining}"
    yield from _owed_otherwise(case, {duty.id: duty.as_json() for duty in answer.duties})


def _owed_otherwise(case, owed):
    for name, details in case.expect.get("owes", {}).items():
        if name not in owed:
            yield f"{name} is not owed; owed are {sorted(owed)}"
        else:
            yield from _differing(name, details, owed[name])
    for name in case.expect.get("owes_not", "").split():
        if name in owed:
            yield f"{name} is owed"


def _differing(name, details, owed):
    for key, value in details.items():
        if owed.get(key) != value:
            yield f"{name}: {key} is {owed.get(key)!r}, not {value!r}"
