-- insert
INSERT INTO heads (practice_id, size, note, state)
VALUES (:practice_id, :size, :note, :state)

-- all
SELECT size, note, state FROM heads
WHERE practice_id = :practice_id
ORDER BY size

-- delete_all_but
DELETE FROM heads
WHERE practice_id = :practice_id AND size <> :kept
