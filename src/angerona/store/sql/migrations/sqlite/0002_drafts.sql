-- What somebody is writing and has not kept, sealed to the author alone.
CREATE TABLE drafts (
    practice_id BLOB NOT NULL,
    client_id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    draft_id BLOB NOT NULL,
    blob BLOB NOT NULL,
    PRIMARY KEY (practice_id, client_id, person_id, draft_id)
) STRICT, WITHOUT ROWID;
