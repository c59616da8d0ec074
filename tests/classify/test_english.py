"""English, kind by kind. Every sentence is invented."""

from __future__ import annotations

import pytest

from socialbench.classify.kinds import Kind, ReplyKind, Rules

QUESTIONS = """
where is my parcel
Where's the nearest branch?
when will the 8:15 leave
is there a fee for a second bag?
what time do you open on Sunday?
how long does a bank transfer take
how do I activate roaming
Does this phone support two SIM cards?
Which terminal is it?
Are you open on bank holidays?
why is my bill in euros
what is the baggage allowance
do you have this jacket in green
Quick question about my tariff
how much is the day ticket
"""
REQUESTS = """
Can you check my booking?
could you send me a new router
please call me back
Please cancel my order
can someone help me with my claim
I need to change the name on my ticket
pls fix the login page
Kindly update my address
Would you rebook me on the noon flight?
tell me the number of your branch in Leeds
please unlock my card
help me please
get it sorted
let someone contact me please
It would be great if the app had a dark mode
"""
COMPLAINTS = """
my broadband has been down since Tuesday
Still no sign of my parcel
this is the worst airline I know
the driver never showed up
Your app crashes every time
You promised a refund two weeks ago and nothing
I have been waiting 3 hours on hold
can't log in
Cant log in
can’t log in
they lost my suitcase again
double charged for one ticket, a disgrace
The engineer did not turn up
not happy with the service
what a joke
terrible support, very rude agent
My flight is delayed by five hours
it doesn't work
nobody answers the phone
thanks for nothing
The screen arrived broken
I was overcharged
"""
PRAISE = """
Great flight, lovely crew
I love your new app
best bank ever
The agent was so friendly and helpful
amazing service today
you guys rock
No complaints at all
couldn't be happier
never had any problems with you
well done
Awesome gig last night
Not bad at all
Delicious coffee this morning
your team went above and beyond
highly recommended
"""
THANKS = """
thank you
Thanks!
thx
Many thanks for your help
Cheers guys
thanks for the quick reply
Thank you so much for sorting my claim
really appreciate it
ty
issue resolved, thanks
much appreciated
no problem, thanks
can't thank you enough
thank you for getting back to me
All good now, thank you
"""
OTHERS = """
ok will do
sent you a DM
Just landed in Oslo
good morning
the red one
yes
done
Our dog is called Biscuit
me too
I'm a customer in Hull
understood
take care
Monday works
happy new year
number 12
"""


def sentences(*lists: tuple[Kind, str]) -> list[tuple[str, Kind]]:
    return [(sentence, kind) for kind, text in lists for sentence in text.strip().splitlines()]


@pytest.mark.parametrize(
    ("text", "kind"),
    sentences(
        (Kind.QUESTION, QUESTIONS),
        (Kind.REQUEST, REQUESTS),
        (Kind.COMPLAINT, COMPLAINTS),
        (Kind.PRAISE, PRAISE),
        (Kind.THANKS, THANKS),
        (Kind.OTHER, OTHERS),
    ),
)
def test_english_gives_each_kind(rules: Rules, text: str, kind: Kind) -> None:
    label = rules.inbound(text, "en-GB")
    assert Kind(label.kind) is kind, label.rule


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("no help at all", True),
        ("no problem at all", False),
        ("not a good experience", True),
        ("never disappointed", False),
        ("without any issues", False),
        ("I am not impressed", True),
        ("no delays today, great", False),
        ("my case is not resolved", True),
        ("great app but it keeps crashing", True),
        ("a bit late but the crew was great", False),
        ("thanks but it still fails", True),
        ("horrible weather but a great flight", False),
        ("great service 😡", True),
    ],
)
def test_negation_and_contrast_turn_the_words(rules: Rules, text: str, asks: bool) -> None:
    label = rules.inbound(text, "en")
    assert rules.asks(label) is asks, label.rule


REPLIES = [
    ("Please DM us your order number.", ReplyKind.HANDOFF_PRIVATE),
    ("@kim Could you send us a private message? ^AB", ReplyKind.HANDOFF_PRIVATE),
    ("We've replied to your DM.", ReplyKind.HANDOFF_PRIVATE),
    ("Inbox us your details and we will look into it", ReplyKind.HANDOFF_PRIVATE),
    ("Let's talk here https://twitter.example/messages/compose?to=1", ReplyKind.HANDOFF_PRIVATE),
    ("Please contact our team here: https://acme.example/help", ReplyKind.HANDOFF_LINK),
    ("Sorry about that, please call us on 0800 123 456", ReplyKind.HANDOFF_LINK),
    ("You can email us at care@acme.example", ReplyKind.HANDOFF_LINK),
    ("Please fill in this form: https://acme.example/f", ReplyKind.HANDOFF_LINK),
    ("Sorry to hear that, we're looking into it.", ReplyKind.ACKNOWLEDGEMENT),
    ("Thanks for letting us know! We will pass this on.", ReplyKind.ACKNOWLEDGEMENT),
    ("You're welcome!", ReplyKind.ACKNOWLEDGEMENT),
    ("🙂", ReplyKind.ACKNOWLEDGEMENT),
    ("Sorry, your parcel left our depot on Monday.", ReplyKind.SUBSTANTIVE),
    ("Hold both buttons for ten seconds, then start it again.", ReplyKind.SUBSTANTIVE),
    ("Which version of the app are you on?", ReplyKind.SUBSTANTIVE),
    ("The steps are here: https://acme.example/steps", ReplyKind.SUBSTANTIVE),
    ("", ReplyKind.ACKNOWLEDGEMENT),
]


@pytest.mark.parametrize(("text", "kind"), REPLIES)
def test_english_gives_each_kind_of_reply(rules: Rules, text: str, kind: ReplyKind) -> None:
    label = rules.reply(text, "en")
    assert ReplyKind(label.kind) is kind, label.rule
