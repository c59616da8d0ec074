-- The first schema. {int}, {text}, {blob}, {strict} and {clustered} are the words of the dialect
-- (migrations/__init__.py); text compares byte by byte on both, so that order never depends on a locale.
-- There are no foreign keys: one writer, whose save() is one transaction, makes every key before it is used, and
-- checking each of four references per row again would halve the speed of an import.

CREATE TABLE space (
    key {int} PRIMARY KEY,
    network {text} NOT NULL,
    origin {text} NOT NULL,
    UNIQUE (network, origin)
) {strict};

-- by_name: nobody but a text named it; its id is '@' and the folded name, until the account itself is seen.
CREATE TABLE account (
    key {int} PRIMARY KEY,
    space {int} NOT NULL,
    id {text} NOT NULL,
    by_name {int} NOT NULL,
    display_name {text},
    display_at {int},
    UNIQUE (space, id)
) {strict};

CREATE TABLE account_name (
    account {int} NOT NULL,
    folded {text} NOT NULL,
    name {text} NOT NULL,
    first_seen_at {int} NOT NULL,
    last_seen_at {int} NOT NULL,
    PRIMARY KEY (account, folded)
) {clustered};
CREATE INDEX account_name_folded ON account_name (folded);

CREATE TABLE profile (
    account {int} NOT NULL,
    seen_at {int} NOT NULL,
    display_name {text},
    followers {int},
    following {int},
    posts {int},
    created_at {int},
    bot {int},
    host {text},
    PRIMARY KEY (account, seen_at)
) {clustered};

-- A row with sent_at NULL is a stub: something referred to its id before it was seen.
-- followers and bot are the author's as of author_at, which may be older than the rest (last_seen_at).
CREATE TABLE message (
    key {int} PRIMARY KEY,
    space {int} NOT NULL,
    id {text} NOT NULL,
    author {int},
    parent {int},
    root {int},
    quoted {int},
    sent_at {int},
    first_seen_at {int},
    last_seen_at {int},
    gone {int},
    gone_at {int},
    linking {int},
    stars {int},
    lang {text},
    bot {int},
    followers {int},
    author_at {int},
    text_hash {int},
    kind {int},
    kind_version {int},
    UNIQUE (space, id)
) {strict};
CREATE INDEX message_author ON message (author, sent_at);
CREATE INDEX message_parent ON message (parent) WHERE parent IS NOT NULL;
CREATE INDEX message_root ON message (root) WHERE root IS NOT NULL;
CREATE INDEX message_quoted ON message (quoted) WHERE quoted IS NOT NULL;

-- author_name, author_display_name: what was shown where the network names no author's id.
CREATE TABLE text (
    message {int} PRIMARY KEY,
    text {text} NOT NULL,
    author_name {text},
    author_display_name {text}
) {strict};

CREATE TABLE version (
    message {int} NOT NULL,
    digest {int} NOT NULL,
    seen_at {int} NOT NULL,
    sent_at {int} NOT NULL,
    text {text} NOT NULL,
    PRIMARY KEY (message, digest)
) {strict};

CREATE TABLE engagement (
    message {int} PRIMARY KEY,
    seen_at {int} NOT NULL,
    counts {text} NOT NULL
) {strict};

CREATE TABLE alias (
    space {int} NOT NULL,
    id {text} NOT NULL,
    message {int} NOT NULL,
    PRIMARY KEY (space, id)
) {clustered};
CREATE INDEX alias_message ON alias (message);

CREATE TABLE address (
    message {int} NOT NULL,
    account {int} NOT NULL,
    how {int} NOT NULL,
    basis {int} NOT NULL,
    stream {text} NOT NULL,
    first_seen_at {int} NOT NULL,
    PRIMARY KEY (message, account)
) {clustered};
CREATE INDEX address_account ON address (account, message);

CREATE TABLE raw (
    key {int} PRIMARY KEY,
    space {int} NOT NULL,
    account {int} NOT NULL,
    stream {text} NOT NULL,
    subject {text} NOT NULL,
    url {text} NOT NULL,
    fetched_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    digest {int} NOT NULL,
    body {blob} NOT NULL,
    UNIQUE (digest)
) {strict};
CREATE INDEX raw_expires_at ON raw (expires_at);

CREATE TABLE raw_message (
    message {int} NOT NULL,
    raw {int} NOT NULL,
    PRIMARY KEY (message, raw)
) {clustered};
CREATE INDEX raw_message_raw ON raw_message (raw);

CREATE TABLE coverage (
    account {int} NOT NULL,
    stream {text} NOT NULL,
    direction {text} NOT NULL,
    subject {text} NOT NULL,
    sample {text} NOT NULL,
    gap {int} NOT NULL,
    reason {text} NOT NULL,
    assumed {int} NOT NULL,
    since_at {int} NOT NULL,
    until_at {int} NOT NULL,
    PRIMARY KEY (account, stream, direction, subject, sample, gap, reason, assumed, since_at)
) {clustered};

CREATE TABLE poll (
    account {int} NOT NULL,
    root {int} NOT NULL,
    checked_at {int} NOT NULL,
    PRIMARY KEY (account, root)
) {clustered};

CREATE TABLE cursor (
    account {int} NOT NULL,
    stream {text} NOT NULL,
    subject {text} NOT NULL,
    token {text},
    started_at {int},
    since_at {int},
    oldest_at {int},
    complete_at {int},
    pages {int} NOT NULL,
    items {int} NOT NULL,
    PRIMARY KEY (account, stream, subject)
) {clustered};

CREATE TABLE run (
    key {int} PRIMARY KEY,
    command {text} NOT NULL,
    version {text} NOT NULL,
    config_hash {text} NOT NULL,
    started_at {int} NOT NULL,
    ended_at {int},
    outcome {text}
) {strict};

CREATE TABLE import_ledger (
    checksum {text} PRIMARY KEY,
    file {text} NOT NULL,
    shape {text} NOT NULL,
    row_count {int} NOT NULL,
    run {int} NOT NULL,
    imported_at {int} NOT NULL
) {strict};
