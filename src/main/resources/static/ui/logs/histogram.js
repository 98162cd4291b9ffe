// @ts-check
/** All logs that match over time, by level; drag to look closer. */
import * as results from '../results.js';
import { go, view } from '../state.js';
import { quote, stateOf, toggle } from '../search.js';
import { count, counted, levelClass } from '../text.js';
import { seconds } from '../time.js';
import { Failure } from '../ui.js';
import { html, signal, uPlot, useEffect, useRef } from '../vendor/vendor.js';
import { zoomTo } from './time-range.js';

const HEIGHT = 96;
/** From the bottom of each bar to its top. */
const ORDER = ['CRITICAL', 'FATAL', 'ERROR', 'WARNING', 'INFO', 'DEBUG', 'TRACE'];

/** @typedef {import('../api.js').Bucket} Bucket */

/** Which interval the pointer is at. */
const pointed = signal(-1);

/** @param {Bucket[]} buckets */
function levelsOf(buckets) {
    const found = new Set(buckets.flatMap((bucket) => Object.keys(bucket.by_level)));
    return [...ORDER.filter((level) => found.has(level)), ...[...found].filter((level) => !ORDER.includes(level)).sort()];
}

/** @param {string} level */
function colour(level) {
    return getComputedStyle(document.documentElement).getPropertyValue(`--${levelClass(level)}`).trim();
}

/** Heights of all levels up to each one, so that those drawn first show above those drawn later. */
/** @param {Bucket[]} buckets @param {string[]} levels */
function stacked(buckets, levels) {
    const sums = buckets.map(() => 0);
    const rows = levels.map((level) => buckets.map((bucket, i) => (sums[i] += bucket.by_level[level] ?? 0)));
    return [buckets.map((bucket) => Date.parse(bucket.start) / 1000), ...rows.reverse()];
}

/** @param {HTMLElement} parent @param {Bucket[]} buckets */
function draw(parent, buckets) {
    const levels = levelsOf(buckets);
    const style = getComputedStyle(document.documentElement);
    const axis = { stroke: style.getPropertyValue('--quiet'), grid: { stroke: style.getPropertyValue('--line'), width: 1 }, ticks: { show: false } };
    const bars = uPlot.paths.bars({ size: [0.92, 60], align: 1 });
    const utc = view.peek().zone === 'utc';
    const from = results.range.peek()?.start ?? Date.parse(buckets[0].start);
    const to = results.range.peek()?.end ?? Date.parse(buckets[buckets.length - 1].end);
    return new uPlot({
        width: parent.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        padding: [9, 8, 0, 0],
        tzDate: (/** @type {number} */ time) => (utc ? uPlot.tzDate(new Date(time * 1000), 'Etc/UTC') : new Date(time * 1000)),
        scales: { x: { time: true, range: () => [from / 1000, to / 1000] }, y: { range: (/** @type {any} */ _, /** @type {number} */ __, /** @type {number} */ most) => [0, Math.max(1, most)] } },
        axes: [
            { ...axis, size: 22, space: 75, grid: { show: false }, values: axisTimes() },
            { ...axis, size: 46, splits: (/** @type {any} */ _, /** @type {number} */ __, /** @type {number} */ ___, /** @type {number} */ most) => [0, most / 2, most].map(Math.round),
                values: (/** @type {any} */ _, /** @type {number[]} */ numbers) => numbers.map(brief) },
        ],
        series: [{}, ...[...levels].reverse().map((level) => ({ fill: colour(level), stroke: colour(level), width: 0, paths: bars, points: { show: false } }))],
        cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
        hooks: {
            setCursor: [(/** @type {any} */ plot) => {
                const time = plot.cursor.left >= 0 ? plot.posToVal(plot.cursor.left, 'x') * 1000 : -1;
                pointed.value = buckets.findIndex((bucket) => time >= Date.parse(bucket.start) && time < Date.parse(bucket.end));
            }],
            setSelect: [(/** @type {any} */ plot) => {
                const { left, width } = plot.select;
                if (width > 3) {
                    zoomTo(Math.floor(plot.posToVal(left, 'x') * 1000), Math.ceil(plot.posToVal(left + width, 'x') * 1000));
                }
            }],
        },
    }, stacked(buckets, levels), parent);
}

/** Times in 24 hours, in the form of uPlot: from which distance on, a template, and one for the first of a day. */
function axisTimes() {
    const forms = [[365 * 86400, '{YYYY}'], [28 * 86400, '{YYYY}-{MM}'], [86400, '{MM}-{DD}'], [60, '{HH}:{mm}', '{MM}-{DD} {HH}:{mm}'],
        [1, '{HH}:{mm}:{ss}', '{MM}-{DD} {HH}:{mm}:{ss}'], [0.001, '{ss}.{fff}', '{HH}:{mm}:{ss}.{fff}']];
    return forms.map(([distance, form, ofDay = null]) => [distance, form, null, null, ofDay, null, null, null, 0]);
}

/** `1.5k` @param {number} number */
function brief(number) {
    return number >= 1e6 ? `${+(number / 1e6).toFixed(1)}M` : number >= 1e4 ? `${Math.round(number / 1e3)}k`
        : number >= 1e3 ? `${+(number / 1e3).toFixed(1)}k` : String(number);
}

/** @param {{again: () => void}} props */
export function Histogram({ again }) {
    const buckets = results.buckets.value;
    const { zone } = view.value;
    const place = useRef(/** @type {HTMLElement | null} */ (null));
    useEffect(() => {
        const parent = place.current;
        if (!parent || !buckets?.length) {
            return undefined;
        }
        let plot = draw(parent, buckets);
        const redraw = () => {
            plot.destroy();
            plot = draw(parent, buckets);
        };
        const resized = new ResizeObserver(() => plot.setSize({ width: parent.clientWidth, height: HEIGHT }));
        resized.observe(parent);
        addEventListener('themechange', redraw);
        return () => {
            removeEventListener('themechange', redraw);
            resized.disconnect();
            pointed.value = -1;
            plot.destroy();
        };
    }, [buckets, zone]);
    const failed = results.countError.value;
    if (failed) {
        return html`<div class="histogram"><${Failure} error=${failed} retry=${again} /></div>`;
    }
    const total = results.total.value;
    return html`<section class="histogram" aria-label="Logs over time">
        <${Legend} buckets=${buckets ?? []} />
        <div class="plot" ref=${place} role="img" aria-label=${total === null ? 'Counting' : `${counted(total)} in this time; drag to zoom in`}>
            ${buckets === null && html`<span class="counting quiet">Counting…</span>`}
        </div>
    </section>`;
}

/** @param {{buckets: Bucket[]}} props */
function Legend({ buckets }) {
    const { zone } = view.value;
    const q = results.search.value;
    const one = buckets[pointed.value];
    const levels = levelsOf(buckets);
    /** @param {string} level */
    const number = (level) => (one ? one.by_level[level] ?? 0 : buckets.reduce((sum, bucket) => sum + (bucket.by_level[level] ?? 0), 0));
    const sum = one ? one.total : results.total.value;
    return html`<div class="legend">
        <span class="legend-time">${one ? `${seconds(one.start, zone)} – ${seconds(one.end, zone).slice(11)}` : 'All of this time'}</span>
        <span class="legend-total">${sum === null ? '' : counted(sum)}</span>
        ${levels.map((level) => html`<button key=${level} class="chip ${levelClass(level)}" aria-pressed=${stateOf(q, 'level', level) === 'included'}
            title="Only ${level}" onClick=${() => go({ q: toggle(q, `level:${quote(level)}`, true) })}>
            <span class="swatch" aria-hidden="true"></span>${level} <b>${count(number(level))}</b></button>`)}
    </div>`;
}
