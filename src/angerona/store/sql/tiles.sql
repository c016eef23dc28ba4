-- put
INSERT INTO tiles (practice_id, level, number, hashes)
VALUES (:practice_id, :level, :number, :hashes)
ON CONFLICT (practice_id, level, number) DO UPDATE SET hashes = excluded.hashes

-- by_key
SELECT hashes FROM tiles
WHERE practice_id = :practice_id AND level = :level AND number = :number

-- all
SELECT level, number, hashes FROM tiles
WHERE practice_id = :practice_id
ORDER BY level, number
