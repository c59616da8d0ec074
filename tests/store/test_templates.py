from __future__ import annotations

from socialbench.store.texts import text_hash
from tests.store.invented import ACME, T0, batch, message, saved, to_acme


def test_template_leaves_out_the_name_of_whom_it_addresses(url: str) -> None:
    ann = message("1", author_id="a", author_display_name="Ann Lee", addressed=to_acme())
    bob = message("2", T0 + 1, author_id=None, author_display_name="Bob", addressed=to_acme())
    names = {"3": "1", "4": "2", "5": "1"}
    texts = {"3": "Hi Ann, thank you!", "4": "Hi BOB, thank you!", "5": "Hi there, thank you!"}
    replies = [message(id_, T0 + int(id_), texts[id_], author_id=ACME.id, parent_id=parent) for id_, parent in names.items()]
    with saved(url, [batch(replies), batch([ann, bob])]) as store:
        hashes = store.frames().messages["text_hash"].tolist()
    assert hashes[2] == hashes[3] == text_hash("Hi , thank you!")
    assert hashes[4] == text_hash("Hi there, thank you!")
