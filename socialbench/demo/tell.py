"""Tells the whole world: every brand's story on each of its networks, then what several brands share."""

from __future__ import annotations

from random import Random

from socialbench.demo import phrases
from socialbench.demo.pen import Draft, Pen, customer
from socialbench.demo.roster import BrandSpec, roster
from socialbench.demo.story import Opening, Story
from socialbench.demo.world import STARTS_AT, TALK_ENDS_AT, Person, World
from socialbench.model import How

_REGULARS = 120
_REGULAR_NUMBERS = 900_000
_COMPARISONS_PER_BRAND = 2
_GOSSIP_PER_BRAND = 3


def tell_world(seed: int = 1, brands: int = len(roster())) -> World:
    """The world of a seed, always the same one. A brand's own story does not depend on how many brands there are."""
    specs = roster(brands)
    chance = Random(f"{seed}/regulars")  # noqa: S311 - a simulation must be repeatable
    regulars = [customer(chance, seed, _REGULAR_NUMBERS + number, "en") for number in range(_REGULARS)]
    twins = {name for spec in roster() if spec.twin_of for name in (spec.name, spec.twin_of)}
    stories = [
        Story(seed, number, spec, network, regulars if network == "bluesky" and spec.name not in twins else ())
        for number, spec in enumerate(roster())
        if spec in specs
        for network in spec.talks
    ]
    for story in stories:
        story.tell()
    crowd = Pen(Random(f"{seed}/crowd"))  # noqa: S311
    shared = [story for story in stories if story.network == "bluesky" and story.spec.name not in twins]
    _compare(crowd, shared, regulars)
    _gossip(crowd, shared, regulars)
    return _bind(seed, specs, stories, (crowd, regulars))


def _compare(pen: Pen, stories: list[Story], regulars: list[Person]) -> None:
    """Posts that speak to two brands at once; each brand answers as it is used to."""
    for story in stories if len(stories) > 1 else ():
        for _ in range(_COMPARISONS_PER_BRAND):
            other = pen.rng.choice([each for each in stories if each is not story])
            pair = (story.accounts[0], other.accounts[0])
            text = f"@{pair[0].handle} @{pair[1].handle} which of you is there on {pen.rng.choice(phrases.DAYS['en'])}?"
            draft = Draft(pen.rng.choice(regulars), _moment(pen), text, linked={account.handle: account.id for account in pair})
            draft.addressed = {story.spec.name: How.LEADING, other.spec.name: How.LEADING}
            post = pen.write(draft)
            for asked in (story, other):
                asked.answer(Opening(post, asks=True))


def _gossip(pen: Pen, stories: list[Story], regulars: list[Person]) -> None:
    """Posts that name a brand's address without the @: a text search finds them, and they speak to nobody."""
    for story in stories:
        for _ in range(_GOSSIP_PER_BRAND):
            text = pen.words(
                (f"{story.spec.handle()} is down in {{place}}", f"I read about {story.spec.handle()} on {{day}}"), "en"
            )
            pen.write(Draft(pen.rng.choice(regulars), _moment(pen), text))


def _moment(pen: Pen) -> int:
    return pen.rng.randrange(STARTS_AT, TALK_ENDS_AT)


def _bind(seed: int, specs: tuple[BrandSpec, ...], stories: list[Story], crowd: tuple[Pen, list[Person]]) -> World:
    people = [person for story in stories for person in (*story.accounts, *story.customers)] + crowd[1]
    posts = [post for story in stories for post in story.posts] + crowd[0].posts
    blocks = frozenset(pair for story in stories for pair in story.blocks)
    ordered = sorted(posts, key=lambda post: (post.sent_at, post.network, post.author.home, len(post.id), post.id))
    return World(seed, specs, tuple(people), tuple(ordered), blocks)
