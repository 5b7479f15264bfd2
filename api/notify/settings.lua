return {
    hosts = {
        type = "string",
        doc = "Hosts that messages may be sent to besides those of the services, separated by commas; "
            .. "\"*.example.org\" is any host below it. A webhook's address that leads elsewhere is not used.",
    },
    file_folder = {
        type = "string",
        doc = "The folder of the files that channels of type file write: NAME.jsonl. Default: the state folder.",
    },
    slack_api_url = {
        type = "string",
        doc = "Where Slack's Web API is, for channels with a bot's token. Default: https://slack.com/api.",
    },
    zulip_url = {
        type = "string",
        doc = "The Zulip server, such as https://example.zulipchat.com.",
    },
    zulip_user = {
        type = "string",
        doc = "The address of the Zulip bot whose key is in ZULIP_API_KEY.",
    },
    smtp_url = {
        type = "string",
        doc = "The mail server: smtp://mail.example.org:587 (with STARTTLS), or smtps://mail.example.org.",
    },
    smtp_user = {
        type = "string",
        doc = "The user of the mail server, whose password is in SMTP_PASSWORD. Default: nobody logs in.",
    },
    smtp_from = {
        type = "string",
        doc = "The sender's address.",
    },
    channels_folder = {
        type = "string",
        doc = "A folder with channels of your own: NAME.lua. Default: channels/ in the folder of policies.",
    },
}
