return {
    hosts = {
        type = "string",
        doc = "Hosts that logs may be sent to besides those of the services, separated by commas; \"*.example.org\" is "
            .. "any host below it. A sink whose address leads elsewhere is not used.",
    },
    sinks_folder = {
        type = "string",
        doc = "A folder with sinks of your own: NAME.lua. Default: sinks/ in the folder of policies.",
    },
}
