-- insert
INSERT INTO packets (practice_id, packet_id, person_id, row, blob)
VALUES (:practice_id, :packet_id, :person_id, :row, :blob)

-- by_key
SELECT row, blob FROM packets
WHERE practice_id = :practice_id AND person_id = :person_id AND packet_id = :packet_id

-- of_person
SELECT packet_id, row, blob FROM packets
WHERE practice_id = :practice_id AND person_id = :person_id
ORDER BY packet_id

-- all
SELECT person_id, packet_id, row FROM packets
WHERE practice_id = :practice_id
ORDER BY person_id, packet_id

-- delete
DELETE FROM packets
WHERE practice_id = :practice_id AND person_id = :person_id AND packet_id = :packet_id

-- delete_of_person
DELETE FROM packets
WHERE practice_id = :practice_id AND person_id = :person_id
