-- insert
INSERT INTO ties (practice_id, tie_id, client_id, row)
VALUES (:practice_id, :tie_id, :client_id, :row)

-- of_client
SELECT tie_id, row FROM ties
WHERE practice_id = :practice_id AND client_id = :client_id
ORDER BY tie_id

-- update
UPDATE ties SET row = :row
WHERE practice_id = :practice_id AND tie_id = :tie_id

-- delete_of_client
DELETE FROM ties
WHERE practice_id = :practice_id AND client_id = :client_id
