// @ts-check
/** Texts of logs. They are shown as text whatever they hold: colours of terminals as colours, other controls as signs. */
import { stringify } from './json.js';
import { html } from './vendor/vendor.js';

const LINE_LENGTH = 500;

const ESC = '\u001b';
const COLOURS = new RegExp(`${ESC}\\[([0-9;]*)m`, 'g');
const OTHER_ESCAPES = new RegExp(
    `${ESC}(?:\\[[0-?]*[ -/]*[@-ln-~]|\\][^\\u0007${ESC}]*(?:\\u0007|${ESC}\\\\)|[ -/]*[0-Z\\\\-~])`, 'g');
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** Controls as signs that can be seen. @param {string} text */
function visible(text) {
    return text.replace(CONTROLS, (c) => {
        const code = c.charCodeAt(0);
        return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : '\ufffd';
    });
}

/** In one line, cut where it becomes long. @param {string} message */
export function oneLine(message) {
    const start = message.slice(0, 4 * LINE_LENGTH).replace(COLOURS, '').replace(OTHER_ESCAPES, '');
    const line = visible(start.replace(/\s*\r?\n\s*/g, ' ⏎ '));
    const cut = line.length > LINE_LENGTH || message.length > 4 * LINE_LENGTH;
    return cut ? line.slice(0, LINE_LENGTH) + '…' : line;
}

/**
 * Pieces of a text with the colours of a terminal.
 *
 * @param {string} text
 * @returns {{text: string, style: string}[]}
 */
export function pieces(text) {
    /** @type {{text: string, style: string}[]} */
    const found = [];
    const clean = text.replace(/\r\n/g, '\n').replace(OTHER_ESCAPES, '');
    let style = '';
    let from = 0;
    for (const code of clean.matchAll(COLOURS)) {
        add(clean.slice(from, code.index));
        style = styled(style, code[1]);
        from = code.index + code[0].length;
    }
    add(clean.slice(from));
    return found;

    /** @param {string} part */
    function add(part) {
        if (part) {
            found.push({ text: visible(part), style });
        }
    }
}

/** @param {string} before @param {string} codes */
function styled(before, codes) {
    let classes = before.split(' ').filter(Boolean);
    for (const code of codes.split(';').map(Number)) {
        if (code === 0) {
            classes = [];
        } else if (code === 1) {
            classes = [...classes, 'ansi-bold'];
        } else if (code === 39 || (code >= 30 && code <= 37) || (code >= 90 && code <= 97)) {
            classes = classes.filter((name) => name === 'ansi-bold');
            if (code !== 39) {
                classes.push(`ansi-${code % 10}`);
            }
        } else if (code === 38 || code === 48) {
            break; // of 256 colours and more: left out, with its arguments
        }
    }
    return classes.join(' ');
}

/** More than these would make a page slow, and show nothing. */
const MOST_MARKS = 200;
export const MOST_MARKS_OF_ROW = 10;

/**
 * A text with what was looked for marked in it.
 *
 * @param {string} text
 * @param {string} wanted a regular expression; empty: nothing
 * @param {number} most marks
 * @returns {any[]} every second part is marked, except for the last
 */
export function marked(text, wanted, most) {
    if (!wanted) {
        return [text];
    }
    // with a group, every second part is one that was found
    const parts = text.split(new RegExp(`(${wanted})`, 'giu'), 2 * most);
    const rest = text.slice(parts.join('').length);
    return [...parts.map((part, i) => (i % 2 ? html`<mark>${part}</mark>` : part)), rest];
}

/** A text in full. @param {{text: string, wanted?: string}} props */
export function FullText({ text, wanted = '' }) {
    let most = MOST_MARKS;
    return pieces(text).map((part) => {
        const shown = marked(part.text, wanted, most);
        most -= Math.floor((shown.length - 1) / 2);
        return part.style ? html`<span class=${part.style}>${shown}</span>` : shown;
    });
}

/** A value of the metadata as text. @param {unknown} value */
export function valueText(value) {
    return typeof value === 'string' ? value : stringify(value);
}

/** @param {number} number */
export const count = (number) => number.toLocaleString('en-US');

/** `1 log`, `2 logs`. @param {number} number @param {string} [what] */
export const counted = (number, what = 'log') => `${count(number)} ${what}${number === 1 ? '' : 's'}`;

/** One of many numbers; names may be anything, also `constructor`. @param {Record<string, number>} numbers @param {string} name */
export const numberOf = (numbers, name) => (Object.hasOwn(numbers, name) ? numbers[name] : 0);

/** The class that gives a level its colour. @param {string} level */
export function levelClass(level) {
    const known = ['TRACE', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL', 'FATAL'];
    return `level-${known.includes(level) ? level.toLowerCase() : 'other'}`;
}
