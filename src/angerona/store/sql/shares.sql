-- insert
INSERT INTO shares (practice_id, share_id, client_id, seat_id, epoch, blob)
VALUES (:practice_id, :share_id, :client_id, :seat_id, :epoch, :blob)

-- of_client
SELECT share_id, seat_id, epoch, blob FROM shares
WHERE practice_id = :practice_id AND client_id = :client_id
ORDER BY share_id

-- delete
DELETE FROM shares
WHERE practice_id = :practice_id AND share_id = :share_id

-- delete_of_client
DELETE FROM shares
WHERE practice_id = :practice_id AND client_id = :client_id

-- update
UPDATE shares SET epoch = :epoch, blob = :blob
WHERE practice_id = :practice_id AND share_id = :share_id

-- of_other_epochs
SELECT share_id, client_id, seat_id, epoch, blob FROM shares
WHERE practice_id = :practice_id AND epoch <> :epoch AND share_id > :after
ORDER BY share_id
LIMIT :most
