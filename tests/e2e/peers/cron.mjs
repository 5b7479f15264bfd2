// Files for /etc/cron.d (crontab(5) of Debian): settings, and lines of five fields, a user and a command.
import { CronExpressionParser } from "cron-parser";

const setting = /^\s*[A-Za-z_]\w*\s*=/;

function lines(text) {
    return text.split("\n").map((line, i) => [line, i + 1]).filter(([line]) => !/^\s*(#|$)/.test(line) && !setting.test(line));
}

function parts(line) {
    return line.match(/^\s*((?:\S+\s+){5})(\S+)\s+(.+)$/) ?? [];
}

export function problems(text) {
    const found = text.endsWith("\n") ? [] : ["the last line has no end, and cron ignores it"];
    for (const [line, number] of lines(text)) {
        const [, schedule, user, command] = parts(line);
        if (!command) found.push(`${number}: not five fields, a user and a command`);
        try {
            if (schedule) CronExpressionParser.parse(schedule.trim());
        } catch (error) {
            found.push(`${number}: ${error.message}`);
        }
        if (user && !/^[a-z_][a-z0-9_-]*$/.test(user)) found.push(`${number}: ${user} is no user`);
        if (command && /(^|[^\\])%/.test(command)) found.push(`${number}: a bare % ends the command`);
    }
    return found;
}

// The commands as the shell gets them.
export function commands(text) {
    return lines(text).map(([line]) => ({ user: parts(line)[2], run: parts(line)[3].replaceAll("\\%", "%") }));
}
