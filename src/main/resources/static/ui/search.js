// @ts-check
/** The text of a search: its parts, and how to add one. The service alone decides what it means. */

/**
 * A value as a search has it. In quotes it is a text: so numbers never are, and texts unless they are one plain word.
 *
 * @param {unknown} value
 */
export function quote(value) {
    const text = String(value);
    if (typeof value !== 'string') {
        return text.replace(/^-/, '\\-');
    }
    if (/[\t-\r]/.test(text)) {
        // a search has one line: there any character stands for a break
        return text.replace(/[^\p{L}\p{N}_]/gu, (c) => (/[\t-\r]/.test(c) ? '?' : `\\${c}`));
    }
    const plain = /^[\p{L}\p{N}_.][\p{L}\p{N}_.-]*$/u.test(text) && !/^(AND|OR|NOT|TO|[\d.]+)$/.test(text);
    return plain ? text : inQuotes(text);
}

/** @param {string} text */
const inQuotes = (text) => `"${text.replace(/[\\"]/g, '\\$&')}"`;

/** A text that isn't a search in the syntax, as one that looks for exactly these characters. @param {string} text */
export function asPlain(text) {
    return inQuotes(text.trim());
}

/** The name of a field under metadata_. @param {string[]} keys */
export function metadataField(keys) {
    return ['metadata_', ...keys.map((key) => key.replace(/[^\p{L}\p{N}_-]/gu, '\\$&'))].join('.');
}

/**
 * The parts of a search that follow one another, outside of quotes and parentheses.
 *
 * @param {string} search
 * @returns {{text: string, start: number}[]}
 */
export function clauses(search) {
    /** @type {{text: string, start: number}[]} */
    const found = [];
    let start = -1;
    let depth = 0;
    let quoted = false;
    for (let i = 0; i <= search.length; i++) {
        const c = search[i] ?? ' ';
        if (start < 0 && /\S/.test(c)) {
            start = i;
        }
        if (c === '\\') {
            i++;
        } else if (c === '"') {
            quoted = !quoted;
        } else if (!quoted && '([{'.includes(c)) {
            depth++;
        } else if (!quoted && ')]}'.includes(c)) {
            depth--;
        }
        if (start >= 0 && (i >= search.length || (/\s/.test(c) && !quoted && depth <= 0))) {
            found.push({ text: search.slice(start, Math.min(i, search.length)), start });
            start = -1;
        }
    }
    return found;
}

/**
 * What a search looks for in messages, as regular expressions, the longest first: words, also with `*` or `?`, and quoted texts.
 *
 * @param {string} search
 * @returns {string[]}
 */
export function lookedForIn(search) {
    const parts = texts(search);
    const found = parts.flatMap((text, i) => {
        const bare = text.replace(/^(\+|message:)+/, '');
        if (parts[i - 1] === 'NOT' || /^(AND|OR|NOT|&&|\|\||[-!].*)$/.test(bare)) {
            return [];
        }
        if (/^\(.*\)$/s.test(bare)) {
            return lookedForIn(bare.slice(1, -1));
        }
        if (/^".*"$/s.test(bare)) {
            return [literally(bare.slice(1, -1).replace(/\\(.)/gs, '$1'))];
        }
        // another field, or a range
        return /^(?:\\.|[^\\:<>])+[:<>]/.test(bare) || /^[[{/]/.test(bare) ? []
            : [expressionOf(bare)];
    });
    return [...new Set(found)].filter((one) => one.trim() !== '').sort((a, b) => b.length - a.length);
}

/** Further from each other the parts of a text with `*` aren't marked. */
const FARTHEST = 100;

/** A text with `*` and `?` as a regular expression; empty: they are all it has. @param {string} glob */
function expressionOf(glob) {
    if (/^[*?]*$/.test(glob)) {
        return '';
    }
    return glob.split(/(?<!\\)\*/).filter(Boolean)
        .map((part) => part.replace(/\\?([^])/gu, (taken, c) => (taken === '?' ? '[^]' : literally(c))))
        // up to the next place only, so that there is one way to match, and no text takes long
        .map((part, i) => (i ? `(?:(?!${part})[^]){0,${FARTHEST}}${part}` : part)).join('');
}

/** @param {string} text */
const literally = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** @param {string} search */
const texts = (search) => clauses(search).map((clause) => clause.text);

const QUOTED = /"(?:\\.|[^"\\])*"/gs;

/** @param {string} search */
function hasOr(search) {
    return texts(search).some((text) => text === 'OR' || text === '||');
}

/**
 * The search with a condition more; without it, if it was there.
 *
 * @param {string} search
 * @param {string} term e.g. `level:ERROR`
 * @param {boolean} wanted false: logs that don't match it
 */
export function toggle(search, term, wanted) {
    const opposite = wanted ? `-${term}` : term;
    const mine = wanted ? term : `-${term}`;
    if (hasOr(search)) {
        return `(${search.trim()}) ${mine}`;
    }
    const before = texts(search).filter((text) => text !== 'AND');
    const rest = before.filter((text) => text !== opposite);
    return (rest.includes(mine) ? rest.filter((text) => text !== mine) : [...rest, mine]).join(' ');
}

/**
 * The search with an alternative value of a field, so that logs of either match.
 *
 * @param {string} search
 * @param {string} field
 * @param {unknown} value
 */
export function include(search, field, value) {
    const term = `${field}:${quote(value)}`;
    const parts = hasOr(search) ? [] : texts(search);
    const place = parts.findIndex((text) => text.startsWith(`${field}:`) && !/[[{*?]/.test(text.replace(QUOTED, '')));
    if (place < 0 || parts[place] === term) {
        return toggle(search, term, true);
    }
    const values = parts[place].slice(field.length + 1).replace(/^\((.*)\)$/s, '$1');
    const all = texts(values).filter((text) => text !== 'OR');
    const rest = all.includes(quote(value)) ? all.filter((text) => text !== quote(value)) : [...all, quote(value)];
    parts[place] = rest.length > 1 ? `${field}:(${rest.join(' OR ')})` : `${field}:${rest[0]}`;
    return parts.join(' ');
}

/** Whether a value is asked for, or refused, by a search. @param {string} search @param {string} field @param {unknown} value */
export function stateOf(search, field, value) {
    const quoted = quote(value);
    for (const text of texts(search)) {
        if (text === `-${field}:${quoted}`) {
            return 'excluded';
        }
        if (text === `${field}:${quoted}`) {
            return 'included';
        }
        if (text.startsWith(`${field}:(`) && texts(text.slice(field.length + 2, -1)).includes(quoted)) {
            return 'included';
        }
    }
    return 'none';
}

/**
 * What is being typed at a place: the word up to there, and its field when it has one.
 *
 * @param {string} search
 * @param {number} caret
 * @returns {{start: number, field: string | null, prefix: string}}
 */
export function typedAt(search, caret) {
    const before = search.slice(0, caret);
    const word = /(?:[^\s()"]|\\.)*$/.exec(before)?.[0] ?? '';
    const bare = word.replace(/^[-+!]/, '');
    const start = caret - bare.length;
    const field = /^((?:[^:\\]|\\.)+):(.*)$/.exec(bare);
    return field
        ? { start: caret - field[2].length, field: field[1], prefix: field[2] }
        : { start, field: null, prefix: bare };
}
