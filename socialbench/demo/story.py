"""What happens to one brand on one network: who writes to it, when and how, and what it does about it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from socialbench.demo import phrases
from socialbench.demo.ids import account_id
from socialbench.demo.manners import MANNERS, WITH_TOKEN
from socialbench.demo.pen import Draft, Pen, customer
from socialbench.demo.roster import BrandSpec
from socialbench.demo.world import ENDS_AT, STARTS_AT, TALK_ENDS_AT, Person, Post
from socialbench.model import DAY_MS, HOUR_MS, How

_MINUTE_MS = 60_000
_HOUR_WEIGHTS = (2, 1, 1, 1, 1, 2, 4, 7, 9, 9, 8, 8, 9, 8, 8, 8, 9, 10, 11, 11, 10, 8, 6, 4)
_DAYS = (TALK_ENDS_AT - STARTS_AT) // DAY_MS
_QUICKEST_S = 80
"""No human answers faster, so that no human's fixed texts look like a machine's."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The first post of a conversation. `asks`: the customer wants something."""

    post: Post
    asks: bool


class Story:
    """One brand's five weeks on one network. `posts` holds them after `tell()`, `blocks` who blocked whom.

    `number` keeps its customers' accounts apart from other brands'; `regulars` are known to several brands.
    """

    def __init__(
        self, seed: int, number: int, spec: BrandSpec, network: str = "bluesky", regulars: Sequence[Person] = ()
    ) -> None:
        self.spec = spec
        self.network = network
        self.manner = WITH_TOKEN if network == "mastodon" and spec.token else MANNERS[network]
        where = "" if network == "bluesky" else f"/{network}"
        self.rng = Random(f"{seed}/{spec.twin_of or spec.name}{where}")  # noqa: S311 - a simulation must be repeatable
        self.pen = Pen(self.rng)
        self.accounts = _accounts(seed, spec, network, self.rng)
        crowd = max(12, int(spec.talks[network] * (0.62 if network == "bluesky" else 0.9)))
        place = (network, self.accounts[0].home)
        self.customers = [customer(self.rng, seed, number * 1000 + each, self._lang(), place) for each in range(crowd)]
        self._handles = {account.handle: account.id for account in self.accounts}
        self.regulars = regulars
        self.blocks: set[tuple[str, str]] = set()
        self.broadcasts: list[Post] = []
        self.rumours: list[Post] = []

    @property
    def posts(self) -> list[Post]:
        """Everything written so far, in the order of writing."""
        return self.pen.posts

    def tell(self) -> None:
        """Live through all of it."""
        for day in range(0, _DAYS, self.manner.news_days):
            at = STARTS_AT + day * DAY_MS + self.rng.randrange(8 * HOUR_MS, 17 * HOUR_MS)
            self.broadcasts.append(self._broadcast(at))
        for day in range(0, _DAYS, 5) if self.manner.joining else ():
            self.rumours.append(self._rumour(STARTS_AT + day * DAY_MS + self.rng.randrange(6 * HOUR_MS)))
        for at in sorted(self._moment() for _ in range(self.spec.talks[self.network])):
            self._converse(at)
        self.blocks -= self._hiding_blocks()

    def answer(self, opening: Opening) -> Post | None:
        """The brand's own reply to a post, or None where it gives none."""
        at = self.answer_at(opening.post.sent_at, 1.0 if opening.asks else 0.35)
        return None if at is None else self._reply(opening.post, at)

    def answer_at(self, asked_at: int, eagerness: float) -> int | None:
        """When somebody answers what was asked at `asked_at`; None: nobody ever does."""
        habit = self.spec.habit
        wait_s = max(_QUICKEST_S, self.rng.lognormvariate(math.log(habit.median_min * 60), habit.spread))
        if self.rng.random() >= habit.rate * eagerness:
            return None
        at = self._desk_opens(asked_at) + int(wait_s * 1000)
        return at if at < ENDS_AT - HOUR_MS else None

    def _hiding_blocks(self) -> set[tuple[str, str]]:
        """Blocks that would hide something said to the brand: who reads threads could not see all of the truth."""
        pairs = set()
        for post in self.posts:
            lower: Post | None = post if post.addressed.get(self.spec.name) is How.REPLY else None
            while lower is not None and lower.parent is not None:
                pairs |= {(lower.author.id, lower.parent.author.id), (lower.parent.author.id, lower.author.id)}
                lower = lower.parent
        return pairs

    def _lang(self) -> str:
        return self.spec.lang if self.rng.random() < 0.85 else self.rng.choice(("en", "de", "es"))

    def _moment(self) -> int:
        """A moment at which a customer writes; on a day of surge half as many again."""
        surge = self.spec.surge
        day = surge if surge is not None and self.rng.random() < 0.12 else self.rng.randrange(_DAYS)
        hour = self.rng.choices(range(24), weights=_HOUR_WEIGHTS)[0]
        return STARTS_AT + day * DAY_MS + hour * HOUR_MS + self.rng.randrange(HOUR_MS)

    def _desk_opens(self, at: int) -> int:
        """The first staffed moment at or after `at`."""
        habit = self.spec.habit
        while True:
            moment = datetime.fromtimestamp(at / 1000, UTC)
            midnight = at - (at - STARTS_AT) % DAY_MS
            opens, closes = habit.desk or (0, 24)
            if (moment.weekday() >= 5 and not habit.weekends) or at >= midnight + closes * HOUR_MS:
                at = midnight + DAY_MS
                continue
            return max(at, midnight + opens * HOUR_MS)

    def _author(self) -> Person:
        """Somebody who writes: a few write often, most once; now and then somebody known to other brands too."""
        place = int(len(self.customers) * self.rng.random() ** 1.6)
        if self.rng.random() < 0.1 and self.regulars:
            return self.rng.choice(self.regulars)
        return self.customers[place]

    def _broadcast(self, at: int) -> Post:
        lang = self.spec.lang
        text = self.pen.words(phrases.BROADCASTS[lang], lang)
        linked: dict[str, str] = {}
        if self.spec.support and self.network == "bluesky" and self.rng.random() < 0.4:
            helper = self.accounts[1]
            text += " " + phrases.POINTERS[lang].format(help="@" + helper.handle)
            linked = {helper.handle: helper.id}
        return self.pen.write(Draft(self.accounts[0], at, text, linked=linked, lang=lang, title=self._title(text)))

    def _title(self, text: str) -> str:
        """What a topic is called, where posts that answer nothing open topics."""
        return text.split(",")[0].rstrip(".?!")[:80] if self.manner.hands else ""

    def _rumour(self, at: int) -> Post:
        """Somebody's post about the brand that does not speak to it."""
        author = self.rng.choice(self.customers)
        text = self.pen.words(phrases.RUMOURS[author.lang], author.lang, brand=self.spec.name)
        return self.pen.write(Draft(author, at, text, lang=author.lang))

    def _converse(self, at: int) -> None:
        author = self._author()
        opening = self._open(author, at)
        fate = self.rng.random()
        robot = self._robot(opening) if fate < self.spec.habit.automatic else None
        answer = self.answer(opening)
        if opening.asks and self.rng.random() < 0.22:
            answer = self._nudge(opening.post, answer)
        if self.manner.crowds and self.rng.random() < self.manner.crowds:
            for _ in range(self.rng.randrange(7, 11)):
                self._neighbour(opening.post, opening.post, at + self.rng.randrange(_MINUTE_MS, 30 * HOUR_MS))
        if answer is not None:
            self._after(opening.post, answer)
        elif robot is None and self.rng.random() < 0.08:
            self._neighbour(opening.post, opening.post, at + self.rng.randrange(HOUR_MS, 20 * HOUR_MS))

    def _open(self, author: Person, at: int) -> Opening:
        forms = self.manner.forms
        form = self.rng.choices(list(forms), weights=list(forms.values()))[0]
        if form in ("comment", "quote", "under"):
            under = [post for post in self.broadcasts if 0 < at - post.sent_at < (self.manner.news_days + 1) * DAY_MS]
            if under or self.network == "youtube":
                return self._remark(author, at, form, under)
        if form == "passing":
            text = self._words(phrases.PASSING, author.lang, handle="@" + self.accounts[0].handle)
            return Opening(self._speak(Draft(author, at, text, linked=self._handles), How.IN_TEXT), False)
        return self._ask(author, at, form)

    def _remark(self, author: Person, at: int, form: str, under: Sequence[Post]) -> Opening:
        """Something said to a broadcast: under it, or quoting it. On YouTube it is a video, so nothing stands above."""
        if form == "under":
            draft = Draft(author, at, self._concern(author), parent=under[-1])
            return Opening(self._speak(draft, How.REPLY), True)
        comment = Draft(author, at, self._words(phrases.COMMENTS, author.lang))
        if self.network == "youtube":
            return Opening(self._speak(comment, How.POST), False)
        if form == "quote":
            comment.quoted = under[-1]
            if self.manner.prefixed:
                # There nobody finds a quote that does not name whom it quotes.
                comment.text += f" @{self.accounts[0].handle}"
            return Opening(self._speak(comment, How.QUOTE), False)
        comment.parent = under[-1]
        return Opening(self._speak(comment, How.REPLY), False)

    def _concern(self, author: Person) -> str:
        concerns = phrases.CONCERNS[author.lang]
        return self._words({author.lang: concerns.get(self.spec.sector) or concerns["*"]}, author.lang)

    def _ask(self, author: Person, at: int, form: str) -> Opening:
        text = self._concern(author)
        if not self.manner.named:
            text = text[0].upper() + text[1:]
            return Opening(self._speak(Draft(author, at, text, title=self._title(text)), self.manner.asks), True)
        target = self.rng.choice(self.accounts)
        handle = "@" + (target.handle.title() if self.rng.random() < 0.05 else target.handle)
        gone = self.rng.random() < self.manner.gone
        under = [post for post in self.rumours if 0 < at - post.indexed_at < 11 * DAY_MS and post.author is not author]
        parent = self.rng.choice(under) if under and self.rng.random() < self.manner.joining else None
        draft = Draft(author, at, f"{handle} {text}", parent, linked={} if form == "plain" else self._handles, deleted=gone)
        if form == "in_text":
            draft.text = f"{text} {handle}"
        return Opening(self._speak(draft, How.IN_TEXT if form == "in_text" else How.LEADING), True)

    def _speak(self, draft: Draft, how: How) -> Post:
        """A customer's post, in the customer's language, addressed to the brand."""
        draft.addressed = {self.spec.name: how}
        draft.lang = draft.author.lang
        return self._write(draft)

    def _write(self, draft: Draft) -> Post:
        """A post, and where it is the custom with the handle before it of whom it answers."""
        above = draft.parent
        if self.manner.prefixed and above is not None and not draft.text.startswith("@") and above not in self.rumours:
            draft.text = f"@{above.author.handle} {draft.text}"
        if self.manner.prefixed:
            draft.linked = {**self._handles, **({above.author.handle: above.author.id} if above else {})}
        return self.pen.write(draft)

    def _words(self, texts: dict[str, tuple[str, ...]], lang: str, **slots: str) -> str:
        return self.pen.words(texts[lang], lang, **slots)

    def _robot(self, opening: Opening) -> Post | None:
        """The machine's reply, within the minute. It reads facets only, and never a comment."""
        if not opening.post.mentions:
            return None
        at = opening.post.indexed_at + self.rng.randrange(4_000, 40_000)
        text = self.pen.words(phrases.ROBOT, "en", name=opening.post.author.display_name)
        return self._write(Draft(self.accounts[0], at, text, parent=opening.post, automated=True, lang="en"))

    def _reply(self, post: Post, at: int) -> Post:
        author, habit = post.author, self.spec.habit
        lang = author.lang
        texts: Sequence[str] = phrases.MACROS if habit.macros else phrases.ANSWERS[lang]
        if self.rng.random() < habit.handoff:
            texts = phrases.HANDOFFS[lang]
        text = self.pen.words(texts, lang, name=author.display_name)
        return self._write(Draft(self._hand(), at, text, parent=post, lang=lang))

    def _hand(self) -> Person:
        """Who answers for the brand."""
        return self.rng.choice(self.accounts) if self.manner.hands else self.accounts[-1]

    def _nudge(self, post: Post, answer: Post | None) -> Post | None:
        """The customer asks again unless answered by then; who was not answered may be answered now."""
        at = post.sent_at + self.rng.randrange(3 * HOUR_MS, 40 * HOUR_MS)
        late = answer is None or answer.sent_at > at + 2 * _MINUTE_MS
        if not late or at >= ENDS_AT - DAY_MS or post.addressed.get(self.spec.name) is not self.manner.asks:
            return answer
        text = self._words(phrases.NUDGES, post.author.lang)
        if self.manner.named:
            text = f"@{self.accounts[0].handle} {text}"
        nudge = self._speak(Draft(post.author, at, text, parent=post, linked=self._handles), self.manner.asks)
        if answer is not None:
            return answer
        second_at = self.answer_at(nudge.sent_at, 0.4)
        return None if second_at is None else self._reply(nudge, second_at)

    def _after(self, post: Post, answer: Post) -> None:
        """What follows an answer: thanks, a welcome, somebody with the same trouble, or a block."""
        if post.deleted or answer.sent_at >= ENDS_AT - DAY_MS:
            return
        luck = self.rng.random()
        at = answer.sent_at + self.rng.randrange(3 * _MINUTE_MS, 9 * HOUR_MS)
        if luck < 0.3:
            words = self._words(phrases.THANKS, post.author.lang)
            # In flat threads whoever began one goes on talking to the whole channel.
            how = How.POST if self.network == "youtube" else How.REPLY
            thanks = self._speak(Draft(post.author, at, words, parent=answer), how)
            if luck < 0.08:
                text = self._words(phrases.WELCOMES, post.author.lang, name=post.author.display_name)
                later = at + self.rng.randrange(100_000, HOUR_MS)
                self._write(Draft(self._hand(), later, text, parent=thanks, lang=post.author.lang))
        elif luck < 0.35:
            self._neighbour(post, answer, at)
        elif luck < 0.36 and self.manner.blocks:
            self.blocks.add((post.author.id, answer.author.id))

    def _neighbour(self, post: Post, under: Post, at: int) -> None:
        """Somebody else joins in: to the brand where its words stand above or its handle is typed, else to the customer."""
        other = self._author()
        if other.id == post.author.id or post.deleted:
            return
        text = self._words(phrases.SAME_HERE, other.lang)
        if under.author.brand is not None and self.network != "youtube":
            self._speak(Draft(other, at, text, parent=under), How.REPLY)
        elif self.manner.named and self.rng.random() < 0.4:
            text = f"@{post.author.handle} @{self.accounts[0].handle} {text}"
            self._speak(Draft(other, at, text, parent=under, linked=self._handles), How.CARRIED)
        else:
            self._write(Draft(other, at, text, parent=under, lang=other.lang))


def _accounts(seed: int, spec: BrandSpec, network: str, rng: Random) -> tuple[Person, ...]:
    """The brand's accounts: the general one, then the one for help where it has one; on a board those of its staff.

    A robot's clock runs behind, where clocks are the authors' own.
    """
    skew = -40_000 if spec.habit.automatic and network == "bluesky" else 0
    named = [(spec.handle(network), spec.name)]
    if network == "bluesky" and spec.support:
        named.append((f"{spec.support}.test", f"{spec.name} Help"))
    if MANNERS[network].hands:
        named = [(name.lower(), name) for name in rng.sample(phrases.FIRST_NAMES[:26], MANNERS[network].hands)]
    return tuple(
        Person(
            id=account_id(network, f"{seed}/{spec.name}/account/{number}", 2 + number),
            handle=handle,
            display_name=shown,
            followers=int(rng.lognormvariate(9.5, 0.8)),
            following=rng.randrange(20, 400),
            joined_at=STARTS_AT - rng.randrange(400, 1100) * DAY_MS,
            brand=spec.name,
            skew_ms=skew,
            lang=spec.lang,
            network=network,
            home={"mastodon": spec.home, "discourse": spec.board}.get(network, ""),
        )
        for number, (handle, shown) in enumerate(named)
    )
