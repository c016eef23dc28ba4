-- What somebody is writing and has not kept, sealed to the author alone.
CREATE TABLE drafts (
    practice_id BYTEA NOT NULL,
    client_id BYTEA NOT NULL,
    person_id BYTEA NOT NULL,
    draft_id BYTEA NOT NULL,
    blob BYTEA NOT NULL,
    PRIMARY KEY (practice_id, client_id, person_id, draft_id)
);
