-- Environment variables that the host takes into its vault: addresses of webhooks, keys, passwords.
return {
    "SLACK_WEBHOOK_URL", "SLACK_BOT_TOKEN", "DISCORD_WEBHOOK_URL", "TEAMS_WEBHOOK_URL", "ZULIP_API_KEY",
    "NOTIFY_WEBHOOK_URL", "NOTIFY_WEBHOOK_SECRET", "SMTP_PASSWORD",
}
