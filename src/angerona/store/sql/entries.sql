-- insert
INSERT INTO entries (practice_id, client_id, place, entry_id, version, class, author_id, digest, blob)
VALUES (:practice_id, :client_id, :place, :entry_id, :version, :class_byte, :author_id, :digest, :blob)

-- by_key
SELECT entry_id, version, class, author_id, digest, blob FROM entries
WHERE practice_id = :practice_id AND client_id = :client_id AND place = :place

-- between
SELECT place, blob FROM entries
WHERE practice_id = :practice_id AND client_id = :client_id AND place >= :first AND place <= :last
ORDER BY place

-- of_client
SELECT place, entry_id, version, class, author_id, digest, blob FROM entries
WHERE practice_id = :practice_id AND client_id = :client_id
ORDER BY place

-- delete
DELETE FROM entries
WHERE practice_id = :practice_id AND client_id = :client_id AND place = :place

-- delete_of_client
DELETE FROM entries
WHERE practice_id = :practice_id AND client_id = :client_id

-- places
SELECT place, entry_id, version, class, author_id, digest FROM entries
WHERE practice_id = :practice_id AND client_id = :client_id AND place >= :first
ORDER BY place

-- last
SELECT max(place) FROM entries
WHERE practice_id = :practice_id AND client_id = :client_id

-- newest_version
SELECT max(version) FROM entries
WHERE practice_id = :practice_id AND entry_id = :entry_id
