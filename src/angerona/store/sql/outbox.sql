-- insert
INSERT INTO outbox (practice_id, message_id, row)
VALUES (:practice_id, :message_id, :row)

-- by_key
SELECT row FROM outbox
WHERE practice_id = :practice_id AND message_id = :message_id

-- all
SELECT message_id, row FROM outbox
WHERE practice_id = :practice_id
ORDER BY message_id

-- update
UPDATE outbox SET row = :row
WHERE practice_id = :practice_id AND message_id = :message_id

-- delete
DELETE FROM outbox
WHERE practice_id = :practice_id AND message_id = :message_id
