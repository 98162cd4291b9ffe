// @ts-check
/** Times: what people write and see on one side, milliseconds since 1970 on the other. */

/** @typedef {'local' | 'utc'} Zone */

const UNITS = /** @type {Record<string, number>} */ ({ s: 1e3, m: 60e3, h: 3600e3, d: 86400e3, w: 604800e3 });
const WORDS = /** @type {Record<string, string>} */ ({ s: 'second', m: 'minute', h: 'hour', d: 'day', w: 'week' });

/** Ranges that people ask for most. */
export const PRESETS = ['-5m', '-15m', '-1h', '-6h', '-24h', '-7d', '-30d', 'all'];

/**
 * Milliseconds of what the address of a view says; null when it isn't a time.
 *
 * @param {string} text `now`, `-15m` or ISO-8601
 * @param {number} now
 */
export function resolve(text, now) {
    if (text === 'now') {
        return now;
    }
    const relative = /^([+-])(\d{1,6})([smhdw])$/.exec(text);
    if (relative) {
        return now + (relative[1] === '-' ? -1 : 1) * Number(relative[2]) * UNITS[relative[3]];
    }
    const time = Date.parse(text);
    return Number.isNaN(time) ? null : time;
}

/**
 * What somebody typed, as the address of a view has it; null when it isn't a time.
 *
 * @param {string} text also `2026-01-31 12:00` in the zone that is shown
 * @param {Zone} zone
 */
export function parseTyped(text, zone) {
    const typed = text.trim();
    if (typed === 'now' || /^[+-]\d{1,6}[smhdw]$/.test(typed)) {
        return typed;
    }
    const plain = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?$/.exec(typed);
    const iso = plain ? `${plain[1]}T${plain[2] ?? '00:00'}${zone === 'utc' ? 'Z' : ''}` : typed;
    const time = /^\d{4}-\d\d-\d\dT/.test(iso) ? Date.parse(iso) : NaN;
    return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** @param {number} number @param {number} [length] */
const pad = (number, length = 2) => String(number).padStart(length, '0');

/**
 * @param {number} time
 * @param {Zone} zone
 */
function parts(time, zone) {
    // shifted, so that the getters for UTC give the time of the zone
    const date = new Date(zone === 'utc' ? time : time - new Date(time).getTimezoneOffset() * 60e3);
    return {
        day: `${date.getUTCFullYear()}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`,
        clock: `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())}`,
        ms: pad(date.getUTCMilliseconds(), 3),
    };
}

/** `01-31 12:00:00.123`, for a list; of another year `2025-01-31 12:00:00`. @param {string} iso @param {Zone} zone */
export function short(iso, zone) {
    const { day, clock, ms } = parts(Date.parse(iso), zone);
    return Number(day.slice(0, 4)) === new Date().getFullYear() ? `${day.slice(5)} ${clock}.${ms}` : `${day} ${clock}`;
}

/** `2026-01-31 12:00:00`. @param {string | number} time @param {Zone} zone */
export function seconds(time, zone) {
    const { day, clock } = parts(typeof time === 'number' ? time : Date.parse(time), zone);
    return `${day} ${clock}`;
}

/** With all digits and the offset. @param {string} iso @param {Zone} zone */
export function full(iso, zone) {
    const { day, clock } = parts(Date.parse(iso), zone);
    const fraction = /\.\d+/.exec(iso)?.[0] ?? '';
    return `${day} ${clock}${fraction} ${zone === 'utc' ? 'UTC' : offset(Date.parse(iso))}`;
}

/** `+02:00`. @param {number} time */
function offset(time) {
    const minutes = -new Date(time).getTimezoneOffset();
    const size = Math.abs(minutes);
    return `${minutes < 0 ? '−' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** A range in words. @param {string} start @param {string} end @param {Zone} zone */
export function rangeText(start, end, zone) {
    if (start === 'all') {
        return end === 'now' ? 'All time' : `Until ${endText(end, zone)}`;
    }
    const relative = /^-(\d+)([smhdw])$/.exec(start);
    if (relative && end === 'now') {
        const [, count, unit] = relative;
        return count === '1' ? `Last ${WORDS[unit]}` : `Last ${count} ${WORDS[unit]}s`;
    }
    return `${endText(start, zone)} – ${endText(end, zone)}`;
}

/** @param {string} text @param {Zone} zone */
export function endText(text, zone) {
    return /^\d/.test(text) ? seconds(text, zone) : text;
}

/** `3 min ago`. @param {string} iso @param {number} now */
export function ago(iso, now) {
    const passed = Math.max(0, now - Date.parse(iso));
    return `${duration(passed)} ago`;
}

/** `3 min`. @param {number} ms */
export function duration(ms) {
    const steps = /** @type {[number, string][]} */ ([[UNITS.d, 'd'], [UNITS.h, 'h'], [UNITS.m, 'min'], [1e3, 's']]);
    const [size, name] = steps.find(([length]) => ms >= length) ?? [1e3, 's'];
    return `${Math.floor(ms / size)} ${name}`;
}
