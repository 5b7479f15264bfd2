-- PowerShell: modules, galleries, terminating errors.

return {
    about = "PowerShell: modules, galleries, terminating errors",
    entries = {
        {
            id = "powershell.module_not_found", title = "PowerShell finds no module {module}",
            match = [[(?:The specified module '(?<module>[^']+)' was not loaded because no valid module]]
                .. [[ file was found|No match was found for the specified search criteria(?: and module]]
                .. [[ name '(?<named>[^']+)')?|Unable to find repository '(?<repository>[^']+)'\. Use]]
                .. [[ Get-PSRepository)]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "The module is not installed for this PowerShell (Windows PowerShell and pwsh look "
                .. "in different folders), or the gallery is not registered, has none of that name, or "
                .. "did not answer.",
            fix = "Install it in the same shell that uses it. Where the repository is missing, run "
                .. "`Register-PSRepository -Default`; if the gallery had an outage, run the job again.",
            commands = { "Get-PSRepository; Find-Module NAME" },
            docs = { "https://learn.microsoft.com/powershell/gallery/powershellget/overview" },
            examples = {
                matches = {
                    "Import-Module: The specified module 'Pester' was not loaded because no valid module "
                        .. "file was found in any module directory.",
                    "     | No match was found for the specified search criteria and module name "
                        .. "'PSCodeHealth'. Try",
                    "Get-PackageSource: Unable to find repository 'PSGallery'. Use Get-PSRepository to "
                        .. "see all",
                },
                rejects = {
                    "Find-Module: 3 modules found",
                },
            },
        },
        {
            id = "powershell.term_not_recognized", title = "PowerShell knows no command {command}",
            match = [[The term '(?<command>[^']{1,200})' is not recognized as (?:the name of a cmdlet]]
                .. [[|a name of a cmdlet)]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "There is no cmdlet, function or program of that name: it is not installed, its "
                .. "module is not imported, or its folder is not on PATH in this step.",
            fix = "Install or import it in this job. A path with spaces needs the call operator `&`; "
                .. "commands of the current folder begin with `./`.",
            commands = { "Get-Command NAME" },
            docs = {
                "https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_"
                    .. "command_precedence",
            },
            examples = {
                matches = {
                    "Invoke-Build: The term 'Invoke-Build' is not recognized as a name of a cmdlet, "
                        .. "function, script file, or executable program.",
                    "The term 'nuget' is not recognized as the name of a cmdlet, function, script file, "
                        .. "or operable program.",
                },
                rejects = {
                    "the term 'cache' is used twice",
                },
            },
        },
    },
}
