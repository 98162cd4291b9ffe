// @ts-check
/** JSON in which whole numbers keep all their digits, as the service keeps them: ids are often longer than numbers of JavaScript. */

/** Newer than the types of the language. */
const Exact = /** @type {{rawJSON?: (text: string) => unknown}} */ (/** @type {unknown} */ (JSON));

/** @param {string} text @returns {any} */
export function parse(text) {
    /** @param {string} _ @param {any} value @param {{source?: string}} [context] */
    const revive = (_, value, context) => (typeof value === 'number' && !Number.isSafeInteger(value) && Exact.rawJSON
        && /^-?\d+$/.test(context?.source ?? '') ? BigInt(context?.source ?? '') : value);
    return JSON.parse(text, revive);
}

/** @param {unknown} value @param {number} [indent] */
export function stringify(value, indent) {
    return JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? Exact.rawJSON?.(String(one)) : one), indent);
}
