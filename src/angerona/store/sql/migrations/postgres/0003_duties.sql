-- Version 3. What is still owed after a look, a note, a disclosure or a refusal. A row stands under
-- its client; where its line is held back from the client's list, under the practice, so that the
-- table does not tell of whom.

CREATE TABLE duties (
    practice_id BYTEA NOT NULL,
    duty_id BYTEA NOT NULL,
    client_id BYTEA NOT NULL,
    row BYTEA NOT NULL,
    PRIMARY KEY (practice_id, duty_id)
);

CREATE INDEX duties_of_client ON duties (practice_id, client_id, duty_id);
