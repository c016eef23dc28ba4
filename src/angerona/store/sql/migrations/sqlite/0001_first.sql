-- Version 1. Every key begins with practice_id, so that a practice can live on a server of its own.
-- Clear columns are ids, numbers, public keys and digests; every other column is sealed.

CREATE TABLE practices (
    practice_id BLOB NOT NULL,
    row BLOB NOT NULL,
    PRIMARY KEY (practice_id)
) STRICT;

CREATE TABLE people (
    practice_id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    keys BLOB NOT NULL,
    row BLOB NOT NULL,
    PRIMARY KEY (practice_id, person_id)
) STRICT;

CREATE TABLE credentials (
    practice_id BLOB NOT NULL,
    credential_id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    kind INTEGER NOT NULL,
    salt BLOB NOT NULL,
    public BLOB NOT NULL,
    private BLOB NOT NULL,
    usk BLOB NOT NULL,
    row BLOB NOT NULL,
    PRIMARY KEY (practice_id, credential_id)
) STRICT;

CREATE TABLE posts (
    practice_id BLOB NOT NULL,
    post_id BLOB NOT NULL,
    public BLOB NOT NULL,
    row BLOB NOT NULL,
    PRIMARY KEY (practice_id, post_id)
) STRICT;

CREATE TABLE post_keys (
    practice_id BLOB NOT NULL,
    post_id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    generation INTEGER NOT NULL,
    blob BLOB NOT NULL,
    PRIMARY KEY (practice_id, post_id, person_id, generation)
) STRICT;

CREATE TABLE clients (
    practice_id BLOB NOT NULL,
    client_id BLOB NOT NULL,
    authority INTEGER NOT NULL,
    row BLOB NOT NULL,
    PRIMARY KEY (practice_id, client_id)
) STRICT;

CREATE TABLE event_keys (
    practice_id BLOB NOT NULL,
    client_id BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    blob BLOB NOT NULL,
    PRIMARY KEY (practice_id, client_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE key_sheets (
    practice_id BLOB NOT NULL,
    client_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    sheet BLOB NOT NULL,
    PRIMARY KEY (practice_id, client_id, version)
) STRICT;

CREATE TABLE wraps (
    practice_id BLOB NOT NULL,
    wrap_id BLOB NOT NULL,
    client_id BLOB NOT NULL,
    recipient_id BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    blob BLOB NOT NULL,
    PRIMARY KEY (practice_id, wrap_id)
) STRICT;

CREATE TABLE seats (
    practice_id BLOB NOT NULL,
    seat_id BLOB NOT NULL,
    public BLOB NOT NULL,
    row BLOB NOT NULL,
    PRIMARY KEY (practice_id, seat_id)
) STRICT;

CREATE TABLE shares (
    practice_id BLOB NOT NULL,
    share_id BLOB NOT NULL,
    client_id BLOB NOT NULL,
    seat_id BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    blob BLOB NOT NULL,
    PRIMARY KEY (practice_id, share_id)
) STRICT;

CREATE TABLE ties (
    practice_id BLOB NOT NULL,
    tie_id BLOB NOT NULL,
    client_id BLOB NOT NULL,
    row BLOB NOT NULL,
    PRIMARY KEY (practice_id, tie_id)
) STRICT;

CREATE TABLE entries (
    practice_id BLOB NOT NULL,
    client_id BLOB NOT NULL,
    place INTEGER NOT NULL,
    entry_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    class INTEGER NOT NULL,
    author_id BLOB NOT NULL,
    digest BLOB NOT NULL,
    blob BLOB NOT NULL,
    PRIMARY KEY (practice_id, client_id, place)
) STRICT;

CREATE TABLE attachments (
    practice_id BLOB NOT NULL,
    client_id BLOB NOT NULL,
    attachment_id BLOB NOT NULL,
    piece INTEGER NOT NULL,
    blob BLOB NOT NULL,
    PRIMARY KEY (practice_id, client_id, attachment_id, piece)
) STRICT;

CREATE TABLE consents (
    practice_id BLOB NOT NULL,
    consent_id BLOB NOT NULL,
    client_id BLOB NOT NULL,
    row BLOB NOT NULL,
    PRIMARY KEY (practice_id, consent_id)
) STRICT;

CREATE TABLE events (
    practice_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    event_id BLOB NOT NULL,
    subject_id BLOB NOT NULL,
    leaf_hash BLOB NOT NULL,
    stub BLOB NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (practice_id, seq)
) STRICT;

CREATE TABLE tiles (
    practice_id BLOB NOT NULL,
    level INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (practice_id, level, number)
) STRICT;

CREATE TABLE heads (
    practice_id BLOB NOT NULL,
    size INTEGER NOT NULL,
    note TEXT NOT NULL,
    state BLOB NOT NULL,
    PRIMARY KEY (practice_id, size)
) STRICT;

CREATE TABLE subjects (
    practice_id BLOB NOT NULL,
    subject_id BLOB NOT NULL,
    row BLOB NOT NULL,
    PRIMARY KEY (practice_id, subject_id)
) STRICT;

CREATE TABLE map_nodes (
    practice_id BLOB NOT NULL,
    place BLOB NOT NULL,
    node BLOB NOT NULL,
    PRIMARY KEY (practice_id, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
    practice_id BLOB NOT NULL,
    name TEXT NOT NULL,
    row BLOB NOT NULL,
    PRIMARY KEY (practice_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    practice_id BLOB NOT NULL,
    message_id BLOB NOT NULL,
    row BLOB NOT NULL,
    PRIMARY KEY (practice_id, message_id)
) STRICT;

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
