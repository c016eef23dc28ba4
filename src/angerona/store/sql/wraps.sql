-- insert
INSERT INTO wraps (practice_id, wrap_id, client_id, recipient_id, epoch, blob)
VALUES (:practice_id, :wrap_id, :client_id, :recipient_id, :epoch, :blob)

-- of_client
SELECT wrap_id, recipient_id, epoch, blob FROM wraps
WHERE practice_id = :practice_id AND client_id = :client_id
ORDER BY wrap_id

-- of_recipient
SELECT wrap_id, client_id, epoch, blob FROM wraps
WHERE practice_id = :practice_id AND recipient_id = :recipient_id
ORDER BY wrap_id

-- update
UPDATE wraps SET epoch = :epoch, blob = :blob
WHERE practice_id = :practice_id AND wrap_id = :wrap_id

-- delete
DELETE FROM wraps
WHERE practice_id = :practice_id AND wrap_id = :wrap_id

-- delete_of_client
DELETE FROM wraps
WHERE practice_id = :practice_id AND client_id = :client_id

-- delete_of_recipient
DELETE FROM wraps
WHERE practice_id = :practice_id AND client_id = :client_id AND recipient_id = :recipient_id

-- of_other_epochs
SELECT wrap_id, client_id, recipient_id, epoch, blob FROM wraps
WHERE practice_id = :practice_id AND epoch <> :epoch AND wrap_id > :after
ORDER BY wrap_id
LIMIT :most
