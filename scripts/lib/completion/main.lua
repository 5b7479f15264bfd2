-- `uhost completion`: what a shell completes, and man pages, made of the parsers and the help of all commands.
local command_line = require("lib.command_line")

local M = {}

-- Each shell asks `uhost completion words …` for every completion, so what it offers is what this uhost knows. Where
-- there is no word to offer, it completes names of files.
local shells = {
    bash = [[
_uhost() {
    local IFS=$'\n'
    COMPREPLY=($(uhost completion words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
    [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o filenames -F _uhost uhost
]],
    zsh = [[
#compdef uhost
_uhost() {
    local -a found
    found=("${(@f)$(uhost completion words -- "${words[@]:1:$((CURRENT - 1))}" 2>/dev/null)}")
    if [ -n "$found" ]; then compadd -a found; else _files; fi
}
compdef _uhost uhost
]],
    fish = [[
function __uhost_complete
    set -l words (commandline -opc) (commandline -ct)
    uhost completion words -- $words[2..-1] 2>/dev/null
end
complete -c uhost -a '(__uhost_complete)'
]],
}

local function write_man_pages(folder)
    local man = require("lib.completion.man")
    fs.mkdir(folder)
    for name, text in man.pages() do
        fs.write(fs.join(folder, name), text)
        print("wrote " .. fs.join(folder, name))
    end
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local parser = command_line.parser("completion", "Complete commands and options in a shell, and write man pages.", {
        "uhost completion bash > /etc/bash_completion.d/uhost", "uhost completion fish", "uhost completion man man1",
    })
    parser:command_target("action")
    for _, shell in ipairs({ "bash", "zsh", "fish" }) do parser:command(shell, "Print what " .. shell .. " reads.") end
    parser:command("man", "Write a man page for uhost, and one for each command.")
        :argument("folder", "Where to.")
    parser:command("words", "Print what fits the last of the words of a command line.")
        :argument("words", "What stands behind uhost, after --."):args("*")
    local options = parser:parse(arguments)
    if shells[options.action] then
        io.write(shells[options.action])
    elseif options.action == "man" then
        write_man_pages(options.folder)
    else
        for _, word in ipairs(require("lib.completion.words").fitting(options.words)) do print(word) end
    end
    return 0
end

return M
