-- Version 7. Whose record a file is of that was handed over, its sealed row alone says: a clear id told,
-- beside a list on which no line came, that a line is held back. What was kept until now, for a week at
-- most, is kept no longer.

DROP TABLE packets;
CREATE TABLE packets (
    practice_id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    packet_id BLOB NOT NULL,
    row BLOB NOT NULL,
    blob BLOB NOT NULL,
    PRIMARY KEY (practice_id, person_id, packet_id)
) STRICT;
