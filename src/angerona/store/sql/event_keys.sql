-- insert
INSERT INTO event_keys (practice_id, client_id, epoch, blob)
VALUES (:practice_id, :client_id, :epoch, :blob)

-- by_key
SELECT epoch, blob FROM event_keys
WHERE practice_id = :practice_id AND client_id = :client_id

-- update
UPDATE event_keys SET epoch = :epoch, blob = :blob
WHERE practice_id = :practice_id AND client_id = :client_id

-- delete
DELETE FROM event_keys
WHERE practice_id = :practice_id AND client_id = :client_id

-- of_other_epochs
SELECT client_id, epoch, blob FROM event_keys
WHERE practice_id = :practice_id AND epoch <> :epoch AND client_id > :after
ORDER BY client_id
LIMIT :most
