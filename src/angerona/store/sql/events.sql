-- insert
INSERT INTO events (practice_id, seq, event_id, subject_id, leaf_hash, stub, body)
VALUES (:practice_id, :seq, :event_id, :subject_id, :leaf_hash, :stub, :body)

-- last
SELECT seq FROM events
WHERE practice_id = :practice_id
ORDER BY seq DESC
LIMIT 1

-- leaf_hashes
SELECT seq, leaf_hash FROM events
WHERE practice_id = :practice_id AND seq >= :first AND seq < :past
ORDER BY seq

-- stubs
SELECT seq, event_id, subject_id, leaf_hash, stub FROM events
WHERE practice_id = :practice_id AND seq >= :first AND seq < :past
ORDER BY seq

-- page
SELECT seq, event_id, subject_id, leaf_hash, stub, body FROM events
WHERE practice_id = :practice_id AND seq >= :first
ORDER BY seq
LIMIT 1024

-- of_subject
SELECT seq, event_id, subject_id, leaf_hash, stub, body FROM events
WHERE practice_id = :practice_id AND subject_id = :subject_id AND seq < :past
ORDER BY seq
