-- Version 6. The file of what was handed over, for a week, sealed to whoever handed it over: a connection
-- can break off while it is sent.

CREATE TABLE packets (
    practice_id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    packet_id BLOB NOT NULL,
    client_id BLOB NOT NULL,
    row BLOB NOT NULL,
    blob BLOB NOT NULL,
    PRIMARY KEY (practice_id, person_id, packet_id)
) STRICT;
CREATE INDEX packets_of_client ON packets (practice_id, client_id, packet_id);
