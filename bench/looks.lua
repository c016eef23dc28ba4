-- For wrk: asks for each path of the command line in turn, and says what came as one line of JSON.
local paths, asked = {}, 0
size = 0

function init(arguments)
  for _, path in ipairs(arguments) do paths[#paths + 1] = path end
end

function request()
  asked = asked + 1
  return wrk.format("GET", paths[asked % #paths + 1])
end

function response(_, _, body)
  size = #body
end

function setup(thread)
  threads = threads or {}
  table.insert(threads, thread)
end

function done(summary, latency)
  local e = summary.errors
  local wrong = e.status + e.connect + e.read + e.write
  local size = 0
  for _, thread in ipairs(threads) do size = thread:get("size") or 0 end
  io.write(string.format(
    '{"done": %d, "seconds": %f, "p99_ms": %f, "wrong": %d, "bytes": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(99) / 1e3, wrong, size))
end
