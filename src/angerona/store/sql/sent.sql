-- insert
INSERT INTO sent (practice_id, sent_id, row, blob)
VALUES (:practice_id, :sent_id, :row, :blob)

-- by_key
SELECT blob FROM sent
WHERE practice_id = :practice_id AND sent_id = :sent_id

-- update
UPDATE sent SET blob = :blob
WHERE practice_id = :practice_id AND sent_id = :sent_id

-- all
SELECT sent_id, row FROM sent
WHERE practice_id = :practice_id
ORDER BY sent_id

-- delete
DELETE FROM sent
WHERE practice_id = :practice_id AND sent_id = :sent_id
