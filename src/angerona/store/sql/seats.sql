-- insert
INSERT INTO seats (practice_id, seat_id, public, row)
VALUES (:practice_id, :seat_id, :public, :row)

-- all
SELECT seat_id, public, row FROM seats
WHERE practice_id = :practice_id
ORDER BY seat_id

-- update
UPDATE seats SET public = :public, row = :row
WHERE practice_id = :practice_id AND seat_id = :seat_id

-- delete
DELETE FROM seats
WHERE practice_id = :practice_id AND seat_id = :seat_id
