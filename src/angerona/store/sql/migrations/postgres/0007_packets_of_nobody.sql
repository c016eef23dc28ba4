-- Version 7. Whose record a file is of that was handed over, its sealed row alone says: a clear id told,
-- beside a list on which no line came, that a line is held back. What was kept until now, for a week at
-- most, is kept no longer.

DROP TABLE packets;
CREATE TABLE packets (
    practice_id BYTEA NOT NULL,
    person_id BYTEA NOT NULL,
    packet_id BYTEA NOT NULL,
    row BYTEA NOT NULL,
    blob BYTEA NOT NULL,
    PRIMARY KEY (practice_id, person_id, packet_id)
);
