"""Which keys a person holds of a client's record, in an open session, by wraps and by posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from angerona.ciphers.encoding import packed
from angerona.ciphers.wraps import WrapPair, is_sealed_to, unwrap, wrap
from angerona.errors import Altered, AuthorityMoved, Unopenable
from angerona.sealed.client_keys import at_generation
from angerona.sealed.wraps import Wrap, names_in, unwrapped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from angerona.sealed.authority import Authority
    from angerona.sealed.rows import WrapRow
    from angerona.sealed.vault import Person, Post, Vault, Visit

_POST: Final = "angerona/post/v1"
_TRIES: Final = 64
"""How often a key is looked for while others turn keys; once is nearly always enough."""


def key_for(visit: Visit, authority: Authority, name: str, generation: int) -> bytes:
    """The key (32 bytes) of one compartment at one generation. Raises `Unopenable` if not held.

    Where the keys turned since the authority was gathered, they are found by the newer one.
    """
    client_id = authority.client_id
    kept = visit.unlocked.kept((client_id, name, generation))
    if kept is not None:
        return kept
    for _ in range(_TRIES):
        try:
            return _key_from_wraps(visit, authority, name, generation)
        except Unopenable:
            if not _has_moved(visit.vault, authority):
                raise
        authority = visit.vault.authority(client_id)
    raise AuthorityMoved


def _has_moved(vault: Vault, authority: Authority) -> bool:
    """Whether the keys may have turned since: the store may know it before this process does."""
    place = {"practice_id": vault.practice_id, "client_id": authority.client_id}
    return vault.store.rows("clients.authority", **place) != [(authority.version,)]


def _key_from_wraps(visit: Visit, authority: Authority, name: str, generation: int) -> bytes:
    """Out of one's own wraps, and only where these do not do, out of those to posts."""
    vault, unlocked = visit.vault, visit.unlocked
    stored = _stored_for(visit, authority)
    own = _mine(vault, (one for one in stored if one[1] is None))
    held = _newest(visit, authority, own, name)
    if held is None or held[0] < generation:
        by_post = _mine(vault, (one for one in stored if one[1] is not None))
        held = _newest(visit, authority, own + by_post, name)
    if held is None:
        raise Unopenable("a compartment whose key is not held")
    key = at_generation(authority.whose(vault.practice_id), authority.sheet, name, generation, held)
    if not _is_lent(own):
        unlocked.keep((authority.client_id, name, generation), key)
    return key


def held_keys(visit: Visit, authority: Authority) -> dict[str, tuple[int, bytes]]:
    """Every key this person holds of a client, by name, each the newest of those wrapped.

    Raises `AuthorityMoved` where the keys turned since the authority was gathered.
    """
    keys, _ = _held(visit, authority)
    return keys


def names_held(visit: Visit, authority: Authority) -> frozenset[str]:
    """The names of the keys this person holds of a client. Raises as `held_keys`.

    Looked up once in a session for each state of the client's authority and of the posts that the
    person holds; anew each time where a key is held for a time.
    """
    unlocked, client_id = visit.unlocked, authority.client_id
    posts = posts_of(visit.vault, visit.person)
    state = (authority.version, tuple((post.post_id, post.generation) for post in posts))
    known = unlocked.known_names(client_id, state)
    if known is not None:
        return known
    keys, is_lent = _held(visit, authority)
    names = frozenset(keys)
    if not is_lent:
        for name, (generation, key) in keys.items():
            unlocked.keep((client_id, name, generation), key)
        unlocked.know_names(client_id, state, names)
    return names


def _held(visit: Visit, authority: Authority) -> tuple[dict[str, tuple[int, bytes]], bool]:
    """Every key this person holds, and whether one of them is lent. Raises as `held_keys`."""
    try:
        mine = _mine(visit.vault, _stored_for(visit, authority))
        return _opened(visit, authority, mine, None), _is_lent(mine)
    except Unopenable:
        if _has_moved(visit.vault, authority):
            raise AuthorityMoved from None
        raise


class _Mine(NamedTuple):
    """A wrap that this person can open, its outer side, and the post it was given to, if to one."""

    stored: Wrap
    row: WrapRow
    post: Post | None


def _is_lent(wraps: Iterable[_Mine]) -> bool:
    """Whether a key is held for a time: a session keeps no key of such a client."""
    return any(one.post is None and one.row.expires is not None for one in wraps)


def _stored_for(visit: Visit, authority: Authority) -> list[tuple[Wrap, Post | None]]:
    """The wraps of a client to this person, and to the posts he or she holds, with the post."""
    vault, person_id = visit.vault, visit.unlocked.person_id
    recipients: dict[bytes, Post | None] = {
        post.post_id: post for post in posts_of(vault, visit.person)
    }
    recipients[person_id] = None
    place = {"practice_id": vault.practice_id, "client_id": authority.client_id}
    return [
        (Wrap(wrap_id, authority.client_id, recipient_id, epoch, blob), recipients[recipient_id])
        for wrap_id, recipient_id, epoch, blob in vault.store.rows("wraps.of_client", **place)
        if recipient_id in recipients
    ]


def _mine(vault: Vault, stored: Iterable[tuple[Wrap, Post | None]]) -> list[_Mine]:
    """These wraps with their outer side, and without what is left of those that ended."""
    mine = [_Mine(one, names_in(vault.keyset, one), post) for one, post in stored]
    return [one for one in mine if one.row.message]


def _newest(
    visit: Visit, authority: Authority, wraps: Iterable[_Mine], name: str
) -> tuple[int, bytes] | None:
    """The newest key of a name in some wraps, with its generation."""
    named = [one for one in wraps if name in one.row.names]
    return _opened(visit, authority, named, name).get(name)


def _opened(
    visit: Visit, authority: Authority, wraps: Iterable[_Mine], only: str | None
) -> dict[str, tuple[int, bytes]]:
    """The newest keys in some wraps, or the one key of a name."""
    vault, unlocked = visit.vault, visit.unlocked
    whose, sheet = authority.whose(vault.practice_id), authority.sheet
    held: dict[str, tuple[int, bytes]] = {}
    for stored, row, post in wraps:
        pair = unlocked.keys.pair if post is None else _pair_of_wrap(visit, post, row)
        if pair is None:
            continue  # wrapped to the post's keys of before this person held it
        keys = unwrapped(vault.keyset, whose, sheet, pair, stored, visit.at, only=only)
        for name, (generation, key) in keys.items():
            if name not in held or held[name][0] < generation:
                held[name] = (generation, key)
    return held


def posts_of(vault: Vault, person: Person) -> list[Post]:
    """The posts a person holds, as the ledger vouches for both."""
    posts = vault.practice().posts
    return [posts[name] for name in person.row.posts if name in posts]


def post_pair(visit: Visit, post: Post) -> WrapPair:
    """The key pair of a post this person holds. Raises `Unopenable`, `Altered`."""
    holds = post.name in visit.person.row.posts  # and not only until its keys turn
    pair = _pair_at(visit, post, post.generation) if holds else None
    if pair is None:
        raise Unopenable("the key of a post")
    return pair


def _pair_of_wrap(visit: Visit, post: Post, row: WrapRow) -> WrapPair | None:
    """The pair that a wrap to a post is sealed to, if this person holds it.

    That may be a former one, until the record's keys turn. What a former pair opens is compared
    with the key sheet like all that comes out of a wrap, so a planted pair opens nothing.
    """
    if is_sealed_to(post.public, row.message):
        return _pair_at(visit, post, post.generation)
    former = (_pair_at(visit, post, one) for one in range(post.generation - 1, 0, -1))
    return next((one for one in former if one and is_sealed_to(one.public, row.message)), None)


def _pair_at(visit: Visit, post: Post, generation: int) -> WrapPair | None:
    """A post's pair of one generation, if it was given to this person.

    Raises `Altered` where what was given does not open, or is another pair.
    """
    vault, unlocked = visit.vault, visit.unlocked
    name = (post.post_id, "post", generation)
    seed = unlocked.kept(name)
    if seed is None:
        place = {"practice_id": vault.practice_id, "person_id": unlocked.person_id}
        rows = vault.store.rows("post_keys.of_person", **place)
        blobs = [blob for post_id, gen, blob in rows if (post_id, gen) == name[::2]]
        if not blobs:
            return None
        info = post_info(vault.practice_id, post.post_id, generation, unlocked.person_id)
        try:
            seed = unwrap(unlocked.keys.pair, info, blobs[0])
        except Unopenable:  # It was given to this very person: it was altered or swapped.
            raise Altered("the key of a post") from None
        unlocked.keep(name, seed)
    pair = WrapPair.from_seed(seed)
    if generation == post.generation and pair.public != post.public:
        raise Altered("the key of a post")
    return pair


def seeds_of(visit: Visit, names: Iterable[str]) -> dict[str, bytes]:
    """The seeds (32 bytes) of posts this person holds, to hand on to a colleague.

    Raises `Unopenable` for a post that he or she does not hold.
    """
    posts = visit.vault.practice().posts
    return {name: bytes(post_pair(visit, posts[name]).seed) for name in names}


def wrapped_post(
    practice_id: bytes, post: Post, seed: bytes, person: Person
) -> dict[str, bytes | int]:
    """The row that gives a post's seed (32 bytes) to one who holds the post."""
    info = post_info(practice_id, post.post_id, post.generation, person.person_id)
    return {
        "practice_id": practice_id,
        "post_id": post.post_id,
        "person_id": person.person_id,
        "generation": post.generation,
        "blob": wrap(person.public.wrap, info, seed),
    }


def post_info(practice_id: bytes, post_id: bytes, generation: int, person_id: bytes) -> bytes:
    """What the wrap of a post's seed is bound to."""
    return packed(_POST, practice_id, post_id, generation, person_id)
