-- Version 5. Which forms were sent, so that none does its work twice: for a week, and for the eyes of
-- whoever sent it. Who that was stands nowhere.

CREATE TABLE sent (
    practice_id BYTEA NOT NULL,
    sent_id BYTEA NOT NULL,
    row BYTEA NOT NULL,
    blob BYTEA NOT NULL,
    PRIMARY KEY (practice_id, sent_id)
);
