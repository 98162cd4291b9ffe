// @ts-check
/** What could go on where somebody types: names of fields, then their values, the most frequent first. */
import * as api from '../api.js';
import * as results from '../results.js';
import { metadataField, quote, typedAt } from '../search.js';
import { count, valueText } from '../text.js';

/**
 * @typedef {object} Completion
 * @property {string} label
 * @property {string} note
 * @property {string} insert
 * @property {number} from where in the search it goes
 * @property {number} to
 * @property {boolean} more whether a value follows
 */

const MOST = 12;
const VALUES = 100;
const WORDS = ['level', 'service', 'app', 'message', 'timestamp', 'received_at'];

/** The values of the time that is shown, whatever the search; asked for once. */
/** @type {{key: string, fields: Promise<api.Fields>, now: api.Fields | null} | null} */
let known = null;

function askedFields() {
    const { start_time, end_time } = results.asked.value;
    const key = `${start_time} ${end_time}`;
    if (known?.key !== key) {
        const mine = { key, fields: api.fields({ start_time, end_time }, VALUES), now: /** @type {api.Fields | null} */ (null) };
        known = mine;
        mine.fields.then((fields) => {
            mine.now = fields;
        }, () => {
            known = known === mine ? null : known;
        });
    }
    return known;
}

/**
 * What is known already, and what will be when the service has counted.
 *
 * @param {string} search
 * @param {number} caret
 * @returns {{now: Completion[], later: Promise<Completion[]>}}
 */
export function completions(search, caret) {
    const { now, fields } = askedFields();
    return { now: completionsFrom(now, search, caret), later: fields.then((all) => completionsFrom(all, search, caret)) };
}

/**
 * @param {api.Fields | null} fields
 * @param {string} search
 * @param {number} caret
 * @returns {Completion[]}
 */
function completionsFrom(fields, search, caret) {
    const typed = typedAt(search, caret);
    const place = { from: typed.start, to: caret };
    if (typed.field === null) {
        return names(fields)
            .filter((name) => name.toLowerCase().includes(typed.prefix.toLowerCase()))
            .slice(0, MOST)
            .map((name) => ({ ...place, label: name, note: 'field', insert: `${name}:`, more: true }));
    }
    const prefix = typed.prefix.toLowerCase();
    return valuesOf(typed.field, fields)
        .filter(([value]) => valueText(value).toLowerCase().startsWith(prefix) && valueText(value) !== typed.prefix)
        .slice(0, MOST)
        .map(([value, number]) => ({
            ...place, label: valueText(value), note: number ? count(number) : '', insert: quote(value) + ' ', more: false,
        }));
}

/** @param {api.Fields | null} fields */
function names(fields) {
    const top = (fields?.metadata_ ?? []).map((one) => metadataField([one.key]));
    return [...new Set([...WORDS, ...top, ...nested().keys()])];
}

/**
 * @param {string} field
 * @param {api.Fields | null} fields
 * @returns {[unknown, number][]}
 */
function valuesOf(field, fields) {
    const counted = /** @type {Record<string, Record<string, number> | undefined>} */ (
        { level: fields?.by_level, service: fields?.by_service, app: fields?.by_app })[field];
    if (counted) {
        return Object.entries(counted);
    }
    const key = fields?.metadata_.find((one) => metadataField([one.key]) === field);
    return key?.values.length ? key.values.map(({ value, count: number }) => [value, number])
        : [...(nested().get(field) ?? [])].map((value) => [value, 0]);
}

/** Fields further inside of the metadata, of the rows that are shown. @returns {Map<string, Set<unknown>>} */
function nested() {
    /** @type {Map<string, Set<unknown>>} */
    const found = new Map();
    /** @param {Record<string, unknown>} object @param {string[]} path */
    const walk = (object, path) => {
        for (const [key, value] of Object.entries(object)) {
            const keys = [...path, key];
            if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
                walk(/** @type {Record<string, unknown>} */ (value), keys);
            } else if (path.length && found.size < VALUES) {
                const name = metadataField(keys);
                found.set(name, (found.get(name) ?? new Set()).add(value));
            }
        }
    };
    for (const log of results.pages.value[0] ?? []) {
        walk(log.metadata_ ?? {}, []);
    }
    return found;
}
