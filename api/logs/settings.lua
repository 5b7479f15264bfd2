return {
    hosts = {
        type = "string",
        doc = "Hosts that logs may be sent to besides those of the services, separated by commas; \"*.example.org\" is "
            .. "any host below it. A sink whose address leads elsewhere is not used.",
    },
    file_folder = {
        type = "string",
        doc = "The folder of the files that sinks of type ndjson write. Default: the state folder.",
    },
    sinks_folder = {
        type = "string",
        doc = "A folder with sinks of your own: NAME.lua. Default: sinks/ in the folder of policies.",
    },
}
