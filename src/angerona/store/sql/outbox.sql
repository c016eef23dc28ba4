-- insert
INSERT INTO outbox (practice_id, message_id, row)
VALUES (:practice_id, :message_id, :row)

-- all
SELECT message_id, row FROM outbox
WHERE practice_id = :practice_id
ORDER BY message_id

-- delete
DELETE FROM outbox
WHERE practice_id = :practice_id AND message_id = :message_id
