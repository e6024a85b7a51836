"""Walls for the tests: any wall, however its notes are called, and a library of forty notes."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from msgspec.structs import replace

from deciderkit.ids import is_id, slug
from deciderkit.wall import (
    AggregateNote,
    CommandNote,
    Field,
    PolicyNote,
    SystemNote,
    ViewNote,
    Wall,
    parse_wall,
)
from deciderkit.wall.naming import camel, spelled
from deciderkit.wall.notes import COMPUTED, OWN, default_key, default_policy_name, in_order

LIBRARY = """\
# The library round the corner, after an afternoon's storm.
Register Member -> [Member] -> Member Registered
Block Member -> [Member] -> Member Blocked
Unblock Member -> [Member] -> Member Unblocked
Acquire Copy -> [Copy] -> Copy Acquired
Lend Copy, Renew Loan -> [Copy] -> Copy Lent
Return Copy -> [Copy] -> Copy Returned, Copy Returned Late
Report Loss -> [Copy] -> Copy Lost
Place Hold -> [Hold] -> Hold Placed
Offer Copy -> [Hold] -> Copy Offered, Hold Skipped
Cancel Hold -> [Hold] -> Hold Cancelled
Charge Fine -> [Account] -> Fine Charged
Pay Fine -> [Account] -> Fine Paid, Account Settled
Remind Member -> [Reminder] -> Member Reminded

whenever Copy Lent: Remind Member at its due, unless Copy Returned or Copy Lost
whenever Copy Returned Late: Charge Fine
whenever Copy Returned: Offer Copy, until Copy Offered or Hold Skipped
whenever Copy Lost: Charge Fine
whenever Fine Charged: Block Member
whenever Account Settled: Unblock Member

view members: Member Registered, Member Blocked, Member Unblocked
view on the shelf: Copy Acquired, Copy Lent, Copy Returned, Copy Lost
view fines by member: Fine Charged, Fine Paid
view holds: Hold Placed, Copy Offered, Hold Cancelled
system Mail: Member Reminded, Copy Offered
system Bank: Fine Paid

[Member] refuses: already a member, under age
[Copy] by copy (number)
[Copy] refuses: already lent, "renewed three times, at most", not lent, member is blocked
[Account] by member
Lend Copy, Copy Lent: member, due (datetime)
Copy Returned, Copy Lost, Copy Returned Late: member
Charge Fine, Fine Charged, Pay Fine, Fine Paid: amount (decimal)
Register Member, Member Registered: name, born (date), address (Address or nothing),
    phones (list of text)
"""

few = settings(max_examples=40)
"""For what is asked of each wall: to think of one takes a while."""

library: Wall = parse_wall(LIBRARY).unwrap()

_WORDS = ("Book", "Ship", "Order", "Über", "X", "At", "Or", "HTTP", "View", "To", "Made", "Lent")
_FIELDS = ("order id", "due", "by", "from", "at", "list", "amount", "id", "größe", "system")
_TYPES = (
    *("text", "number", "decimal", "float", "yes/no", "date", "time", "datetime", "duration"),
    *("uuid", "bytes", "Point", "Parcel Size", "Text or nothing", "Date", "list of number"),
    *("set of (text or number)", "map of text to list of (Point or nothing)"),
    *("list of (map of number to text)", "text or number or nothing"),
)

note_names: SearchStrategy[str] = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).map(
    lambda words: spelled(camel(" ".join(words)))
)
free_names: SearchStrategy[str] = (
    st.lists(st.sampled_from(["order", "by", "at", "42", "Mars"]), min_size=1).map(" ".join)
    | st.sampled_from(
        ["a, b", 'say "hi"', "->", "#1", "x # y", "a  b", " ", "[x]", "\x1b[2J", "\u202e"]
    )
    | st.text(min_size=1, max_size=8)
)
plain_names: SearchStrategy[str] = st.lists(
    st.sampled_from(["order", "mars", "rover", "copy"]), min_size=1, max_size=3
).map(" ".join)
fields: SearchStrategy[Field] = st.builds(Field, st.sampled_from(_FIELDS), st.sampled_from(_TYPES))


@st.composite
def walls(draw: DrawFn, names: SearchStrategy[str] = free_names, runnable: bool = False) -> Wall:
    """Any wall that a board could be read into; ``names`` are what aggregates and others are called.

    Of those that are to be ``runnable``, most can be made into a package.
    """
    count = draw(st.integers(1, 3))
    unused = draw(st.lists(note_names, unique=True, min_size=6 * count, max_size=6 * count))
    called = draw(st.lists(names, unique=True, min_size=count + 6, max_size=count + 6))
    categories = draw(st.permutations(("order", "ship.ment", "A_1")))
    aggregates = tuple(
        _aggregate(draw, called[at], categories[at], unused[6 * at : 6 * at + 6], runnable)
        for at in range(count)
    )
    wall = Wall(aggregates)
    policies: tuple[PolicyNote, ...] = ()
    for name in called[count : count + draw(st.integers(0, 2))]:
        taken = Wall(aggregates, policies).names
        policy = _policy(draw, wall, name, taken)
        ids = {slug(each.name) for each in policies}
        policies = (
            (*policies, policy)
            if is_id(slug(policy.name)) and slug(policy.name) not in ids
            else policies
        )
    rest = called[count + 2 :]
    events = st.lists(st.sampled_from(list(wall.events)), unique=True, min_size=1, max_size=3)
    views = [
        _view(draw, wall, name, tuple(draw(events))) for name in rest[: draw(st.integers(0, 2))]
    ]
    systems = [SystemNote(rest[2], tuple(draw(events)))] if draw(st.booleans()) else []
    return Wall(aggregates, policies, tuple(views), tuple(systems))


def _aggregate(
    draw: DrawFn, name: str, category: str, notes: list[str], runnable: bool
) -> AggregateNote:
    plain = st.builds(Field, st.sampled_from(_FIELDS), st.sampled_from(["text", "number", "uuid"]))
    any_key = plain if runnable else st.one_of(st.none(), fields)
    key = draw(st.one_of(st.just(default_key(name)), any_key))
    commands, events = notes[: draw(st.integers(1, 3))], notes[3 : 3 + draw(st.integers(1, 3))]
    leads = st.lists(st.sampled_from(events), unique=True, min_size=int(runnable)).map(tuple)
    carried = {note: _carried(draw, key, runnable) for note in (*commands, *events)}
    blue = tuple(CommandNote(each, carried[each], draw(leads)) for each in commands)
    reasons = draw(st.lists(free_names, unique=True, max_size=3))
    orange = in_order(blue, {each: carried[each] for each in events})
    return AggregateNote(name, category, key, blue, orange, tuple(reasons))


def _carried(draw: DrawFn, key: Field | None, runnable: bool) -> tuple[Field, ...]:
    found = draw(st.lists(fields, unique_by=lambda each: each.name, max_size=3))
    if runnable and key is not None:
        found = [each for each in found if each.name != key.name]
    if key is not None and all(each.name != key.name for each in found):
        found.insert(draw(st.integers(0, len(found))), key)
    return tuple(found)


def _policy(draw: DrawFn, wall: Wall, name: str, taken: list[str]) -> PolicyNote:
    events = st.sampled_from(list(wall.events))
    whenever = draw(st.sampled_from(list(wall.events)))
    then = draw(st.lists(st.sampled_from(list(wall.commands)), unique=True, min_size=1, max_size=2))
    until = draw(st.lists(events, unique=True, min_size=1, max_size=min(2, len(wall.events))))
    unless = draw(st.lists(events, unique=True, max_size=1))
    policy = PolicyNote(name, whenever, tuple(then), tuple(until), tuple(unless))
    own = [wall.events[each].key for each in policy.hears]
    keys = [OWN] if None not in own and len({key.name for key in own if key}) > 1 else []
    shared = _shared_fields(wall, policy.hears)
    key = draw(st.sampled_from([*keys, COMPUTED, *shared]))
    due = draw(st.sampled_from(["", COMPUTED, *(each.name for each in wall.fields[whenever])]))
    policy = replace(policy, key=key, due=due)
    default = default_policy_name(policy, taken)
    return replace(policy, name=default) if default not in taken and draw(st.booleans()) else policy


def _view(draw: DrawFn, wall: Wall, name: str, takes: tuple[str, ...]) -> ViewNote:
    return ViewNote(
        name, takes, draw(st.sampled_from(["", COMPUTED, *_shared_fields(wall, takes)]))
    )


def _shared_fields(wall: Wall, events: tuple[str, ...]) -> list[str]:
    shared = set.intersection(*({field.name for field in wall.fields[each]} for each in events))
    several = [f"{one} and {other}" for one, other in pairwise(sorted(shared))]
    return [*sorted(shared), *several]
