-- Version 6. The file of what was handed over, for a week, sealed to whoever handed it over: a connection
-- can break off while it is sent.

CREATE TABLE packets (
    practice_id BYTEA NOT NULL,
    person_id BYTEA NOT NULL,
    packet_id BYTEA NOT NULL,
    client_id BYTEA NOT NULL,
    row BYTEA NOT NULL,
    blob BYTEA NOT NULL,
    PRIMARY KEY (practice_id, person_id, packet_id)
);
CREATE INDEX packets_of_client ON packets (practice_id, client_id, packet_id);
