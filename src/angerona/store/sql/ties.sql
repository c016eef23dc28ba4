-- insert
INSERT INTO ties (practice_id, tie_id, client_id, row)
VALUES (:practice_id, :tie_id, :client_id, :row)

-- by_key
SELECT client_id, row FROM ties
WHERE practice_id = :practice_id AND tie_id = :tie_id

-- of_client
SELECT tie_id, row FROM ties
WHERE practice_id = :practice_id AND client_id = :client_id
ORDER BY tie_id

-- update
UPDATE ties SET row = :row
WHERE practice_id = :practice_id AND tie_id = :tie_id

-- delete
DELETE FROM ties
WHERE practice_id = :practice_id AND tie_id = :tie_id

-- delete_of_client
DELETE FROM ties
WHERE practice_id = :practice_id AND client_id = :client_id
