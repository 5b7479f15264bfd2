-- What the exit status of a command says by itself: shells and tools share the meanings of some.
local M = {}

local meanings = {
    [124] = "`timeout` ended the command, which took too long",
    [126] = "the shell found the program and could not run it: no permission, or a file that is not a program",
    [127] = "the shell, or the loader, did not find something that the command needs",
    [130] = "the command was interrupted (SIGINT)",
    [134] = "the program aborted itself (SIGABRT): an assertion, or memory that it corrupted",
    [135] = "the program died of a bus error (SIGBUS)",
    [136] = "the program died of an arithmetic error (SIGFPE)",
    [137] = "something killed the command (SIGKILL), often the system for lack of memory",
    [139] = "the program died of an invalid access to memory (SIGSEGV)",
    [143] = "something asked the command to end (SIGTERM): a limit of time, or a job that was cancelled",
}

--- Whether a status says more than that the command failed.
---@param code integer?
---@return boolean
function M.means_something(code) return meanings[code or 0] ~= nil end

--- What a status means, as a clause; nil for one that only says that the command failed.
---@param code integer?
---@return string?
function M.meaning(code)
    return meanings[code or 0] and ("exit code %d: %s"):format(code, meanings[code]) or nil
end

return M
