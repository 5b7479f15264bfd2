-- Runs ours and a peer in turns, of which the fastest run counts, and prints a row of the bench's table: name, seconds
-- of ours, seconds of the peer, ratio, target, same answer; separated by tabs.

---@alias bench.Side fun(): number, string  seconds, and the answer

---@param row { name: string, target: string, rounds: integer, ours: bench.Side, peer: bench.Side }
return function(row)
    local fastest, fastest_peer, answer, expected = math.huge, math.huge, nil, nil
    for _ = 1, row.rounds do
        local seconds
        seconds, answer = row.ours()
        fastest = math.min(fastest, seconds)
        seconds, expected = row.peer()
        fastest_peer = math.min(fastest_peer, seconds)
    end
    print(("%s\t%.4f\t%.4f\t%.2f\t%s\t%s"):format(row.name, fastest, fastest_peer, fastest / fastest_peer, row.target,
        answer == expected and "yes" or "no"))
end
