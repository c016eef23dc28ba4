-- Version 1. Every key begins with practice_id, so that a practice can live on a server of its own.
-- Clear columns are ids, numbers, public keys and digests; every other column is sealed.

CREATE TABLE practices (
    practice_id BYTEA NOT NULL,
    row BYTEA NOT NULL,
    PRIMARY KEY (practice_id)
);

CREATE TABLE people (
    practice_id BYTEA NOT NULL,
    person_id BYTEA NOT NULL,
    keys BYTEA NOT NULL,
    row BYTEA NOT NULL,
    PRIMARY KEY (practice_id, person_id)
);

CREATE TABLE credentials (
    practice_id BYTEA NOT NULL,
    credential_id BYTEA NOT NULL,
    person_id BYTEA NOT NULL,
    kind BIGINT NOT NULL,
    salt BYTEA NOT NULL,
    public BYTEA NOT NULL,
    private BYTEA NOT NULL,
    usk BYTEA NOT NULL,
    row BYTEA NOT NULL,
    PRIMARY KEY (practice_id, credential_id)
);

CREATE TABLE posts (
    practice_id BYTEA NOT NULL,
    post_id BYTEA NOT NULL,
    public BYTEA NOT NULL,
    row BYTEA NOT NULL,
    PRIMARY KEY (practice_id, post_id)
);

CREATE TABLE post_keys (
    practice_id BYTEA NOT NULL,
    post_id BYTEA NOT NULL,
    person_id BYTEA NOT NULL,
    generation BIGINT NOT NULL,
    blob BYTEA NOT NULL,
    PRIMARY KEY (practice_id, post_id, person_id, generation)
);

CREATE TABLE clients (
    practice_id BYTEA NOT NULL,
    client_id BYTEA NOT NULL,
    authority BIGINT NOT NULL,
    row BYTEA NOT NULL,
    PRIMARY KEY (practice_id, client_id)
);

CREATE TABLE event_keys (
    practice_id BYTEA NOT NULL,
    client_id BYTEA NOT NULL,
    epoch BIGINT NOT NULL,
    blob BYTEA NOT NULL,
    PRIMARY KEY (practice_id, client_id)
);

CREATE TABLE key_sheets (
    practice_id BYTEA NOT NULL,
    client_id BYTEA NOT NULL,
    version BIGINT NOT NULL,
    sheet BYTEA NOT NULL,
    PRIMARY KEY (practice_id, client_id, version)
);

CREATE TABLE wraps (
    practice_id BYTEA NOT NULL,
    wrap_id BYTEA NOT NULL,
    client_id BYTEA NOT NULL,
    recipient_id BYTEA NOT NULL,
    epoch BIGINT NOT NULL,
    blob BYTEA NOT NULL,
    PRIMARY KEY (practice_id, wrap_id)
);

CREATE TABLE seats (
    practice_id BYTEA NOT NULL,
    seat_id BYTEA NOT NULL,
    public BYTEA NOT NULL,
    row BYTEA NOT NULL,
    PRIMARY KEY (practice_id, seat_id)
);

CREATE TABLE shares (
    practice_id BYTEA NOT NULL,
    share_id BYTEA NOT NULL,
    client_id BYTEA NOT NULL,
    seat_id BYTEA NOT NULL,
    epoch BIGINT NOT NULL,
    blob BYTEA NOT NULL,
    PRIMARY KEY (practice_id, share_id)
);

CREATE TABLE ties (
    practice_id BYTEA NOT NULL,
    tie_id BYTEA NOT NULL,
    client_id BYTEA NOT NULL,
    row BYTEA NOT NULL,
    PRIMARY KEY (practice_id, tie_id)
);

CREATE TABLE entries (
    practice_id BYTEA NOT NULL,
    client_id BYTEA NOT NULL,
    place BIGINT NOT NULL,
    entry_id BYTEA NOT NULL,
    version BIGINT NOT NULL,
    class BIGINT NOT NULL,
    author_id BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    blob BYTEA NOT NULL,
    PRIMARY KEY (practice_id, client_id, place)
);

CREATE TABLE attachments (
    practice_id BYTEA NOT NULL,
    client_id BYTEA NOT NULL,
    attachment_id BYTEA NOT NULL,
    piece BIGINT NOT NULL,
    blob BYTEA NOT NULL,
    PRIMARY KEY (practice_id, client_id, attachment_id, piece)
);

CREATE TABLE consents (
    practice_id BYTEA NOT NULL,
    consent_id BYTEA NOT NULL,
    client_id BYTEA NOT NULL,
    row BYTEA NOT NULL,
    PRIMARY KEY (practice_id, consent_id)
);

CREATE TABLE events (
    practice_id BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    event_id BYTEA NOT NULL,
    subject_id BYTEA NOT NULL,
    leaf_hash BYTEA NOT NULL,
    stub BYTEA NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (practice_id, seq)
);

CREATE TABLE tiles (
    practice_id BYTEA NOT NULL,
    level BIGINT NOT NULL,
    number BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (practice_id, level, number)
);

CREATE TABLE heads (
    practice_id BYTEA NOT NULL,
    size BIGINT NOT NULL,
    note TEXT NOT NULL,
    state BYTEA NOT NULL,
    PRIMARY KEY (practice_id, size)
);

CREATE TABLE subjects (
    practice_id BYTEA NOT NULL,
    subject_id BYTEA NOT NULL,
    row BYTEA NOT NULL,
    PRIMARY KEY (practice_id, subject_id)
);

CREATE TABLE map_nodes (
    practice_id BYTEA NOT NULL,
    place BYTEA NOT NULL,
    node BYTEA NOT NULL,
    PRIMARY KEY (practice_id, place)
);

CREATE TABLE settings (
    practice_id BYTEA NOT NULL,
    name TEXT NOT NULL,
    row BYTEA NOT NULL,
    PRIMARY KEY (practice_id, name)
);

CREATE TABLE outbox (
    practice_id BYTEA NOT NULL,
    message_id BYTEA NOT NULL,
    row BYTEA NOT NULL,
    PRIMARY KEY (practice_id, message_id)
);

-- Each index ends with what its statements order by: SQLite, which keeps no statistics here, would
-- rather walk a whole table in the order of its key than sort a few rows.
CREATE INDEX credentials_of_person ON credentials (practice_id, person_id, credential_id);
CREATE INDEX wraps_of_client ON wraps (practice_id, client_id, wrap_id);
CREATE INDEX wraps_of_recipient ON wraps (practice_id, recipient_id, wrap_id);
CREATE INDEX shares_of_client ON shares (practice_id, client_id, share_id);
CREATE INDEX ties_of_client ON ties (practice_id, client_id, tie_id);
CREATE UNIQUE INDEX versions_of_entry ON entries (practice_id, entry_id, version);
CREATE INDEX entries_of_class ON entries (practice_id, client_id, class, place);
CREATE INDEX consents_of_client ON consents (practice_id, client_id, consent_id);
CREATE INDEX events_of_subject ON events (practice_id, subject_id, seq);
