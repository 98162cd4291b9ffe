// @ts-check
/** Alerts: what fires, what was told, the rules, silences, and the channels. */
import * as api from '../api.js';
import { quote } from '../search.js';
import { address, view } from '../state.js';
import { Table } from '../table.js';
import { count } from '../text.js';
import { ago, seconds } from '../time.js';
import { Failure, SureButton, say, useAnswer } from '../ui.js';
import { html, useState } from '../vendor/vendor.js';
import { Channels } from './channels.js';
import { SilenceDialog } from './silence-dialog.js';

/** @typedef {{rule: string, group: string, severity: string, count: number, started_at: string, fired_at: string | null, silenced: boolean}} Firing */

const ASK_EVERY_MS = 5000;
const MOST_TOLD = 100;

/** @param {AbortSignal} signal */
async function everything(signal) {
    const [alerts, rules, silences] = await Promise.all([
        api.call('api/v1/alerts', { limit: MOST_TOLD }, { signal }),
        api.call('api/v1/alerts/rules', {}, { signal }),
        api.call('api/v1/alerts/silences', {}, { signal }),
    ]);
    return { alerts, rules, silences };
}

export function AlertsPage() {
    const { value, error, again } = useAnswer(everything, ASK_EVERY_MS);
    const [silencing, setSilencing] = useState(/** @type {{rule: string, group: string} | null} */ (null));
    return html`<div class="page">
        ${error && html`<${Failure} error=${error} retry=${again} />`}
        ${!value && !error && html`<p class="empty">Loading…</p>`}
        ${value && html`
            <${FiringTable} firing=${value.alerts.firing} silence=${setSilencing} />
            <${Silences} silences=${value.silences} again=${again} add=${() => setSilencing({ rule: '', group: '' })} />
            <${Rules} rules=${value.rules} silence=${setSilencing} />
            <${Channels} />
            <${History} recent=${value.alerts.recent} />`}
        ${silencing && html`<${SilenceDialog} ...${silencing} close=${() => setSilencing(null)} done=${again} />`}
    </div>`;
}

/** @param {{firing: Firing[], silence: (of: {rule: string, group: string}) => void}} props */
function FiringTable({ firing, silence }) {
    const now = api.now();
    /** @type {import('../table.js').Column<Firing>[]} */
    const columns = [
        { title: 'Rule', show: (one) => html`<b>${one.rule}</b>` },
        { title: 'Group', show: (one) => one.group },
        { title: 'Severity', show: (one) => html`<${Severity} name=${one.severity} />` },
        { title: 'Logs', kind: 'number', show: (one) => count(one.count) },
        { title: 'Since', show: (one) => html`<span title=${one.started_at}>${ago(one.started_at, now)}</span>` },
        { title: 'Told', show: (one) => (one.silenced ? 'silenced' : one.fired_at ? ago(one.fired_at, now) : 'not yet') },
        { title: 'Silence', kind: 'buttons', show: (one) => html`
            <button disabled=${one.silenced} onClick=${() => silence({ rule: one.rule, group: one.group })}>Silence…</button>` },
    ];
    return html`<section aria-labelledby="firing"><h2 id="firing">Firing now</h2>
        ${firing.length === 0 && html`<p class="good">Nothing fires.</p>`}
        ${firing.length > 0 && html`<${Table} label="firing" columns=${columns} rows=${firing} keyOf=${(/** @type {Firing} */ one) => one.rule + '\0' + one.group} />`}
    </section>`;
}

/** @param {{name: string}} props */
function Severity({ name }) {
    return html`<span class="tag severity-${['critical', 'warning', 'info'].includes(name) ? name : 'other'}">${name}</span>`;
}

/** @param {{silences: any[], again: () => void, add: () => void}} props */
function Silences({ silences, again, add }) {
    /** @param {number} id */
    const end = async (id) => {
        await api.call(`api/v1/alerts/silences/${id}`, {}, { method: 'DELETE' }).then(() => say('Silence ended'), (e) => say(e.message));
        again();
    };
    /** @type {import('../table.js').Column<any>[]} */
    const columns = [
        { title: 'Rule', show: (one) => one.rule ?? 'any' },
        { title: 'Group', show: (one) => one.group ?? 'any' },
        { title: 'Until', show: (one) => seconds(one.until, view.value.zone) },
        { title: 'Comment', kind: 'wide', show: (one) => one.comment && html`<span dir="auto">${one.comment}</span>` },
        { title: 'End', kind: 'buttons', show: (one) => html`<${SureButton} sure="End it?" onClick=${() => end(one.id)}>End<//>` },
    ];
    return html`<section aria-labelledby="silences"><div class="section-head"><h2 id="silences">Silences</h2><button onClick=${add}>New silence…</button></div>
        ${silences.length === 0 && html`<p class="quiet">None: every alert is told.</p>`}
        ${silences.length > 0 && html`<${Table} label="silences" columns=${columns} rows=${silences} keyOf=${(/** @type {any} */ one) => one.id} />`}
    </section>`;
}

/** @param {{rules: any, silence: (of: {rule: string, group: string}) => void}} props */
function Rules({ rules, silence }) {
    /** @type {import('../table.js').Column<any>[]} */
    const columns = [
        { title: 'Name', show: (rule) => html`<b>${rule.name}</b>` },
        { title: 'Logs', kind: 'wide', show: (rule) => html`
            <a href=${address({ page: 'logs', live: false, q: searchOf(rule.match) })}><code>${searchOf(rule.match) || 'all'}</code></a>` },
        { title: 'Fires', kind: 'short', show: conditionText },
        { title: 'Severity', show: (rule) => html`<${Severity} name=${rule.severity} />` },
        { title: 'Channels', show: (rule) => rule.channels.join(', ') || 'all' },
        { title: 'Silence', kind: 'buttons', show: (rule) => html`
            <button onClick=${() => silence({ rule: rule.name, group: '' })}>Silence…</button>` },
    ];
    return html`<section aria-labelledby="rules"><h2 id="rules">Rules</h2>
        <p class="quiet">From <code>${rules.source}</code>, read ${seconds(rules.loaded_at, view.value.zone)}</p>
        ${rules.channel_problems.map((/** @type {string} */ problem) => html`<p class="notice failure" key=${problem}>${problem}</p>`)}
        ${rules.error && html`<p class="notice failure" role="alert">The file can’t be used as it is now; the rules are those from before. ${rules.error}</p>`}
        <${Table} label="rules" columns=${columns} rows=${rules.rules} keyOf=${(/** @type {any} */ rule) => rule.name} />
    </section>`;
}

/** The search that finds what a rule counts. @param {{level: string[], service: string[], app: string[], q: string}} match */
function searchOf({ level, service, app, q }) {
    const fields = /** @type {[string, string[]][]} */ ([['level', level], ['service', service], ['app', app]]);
    const parts = fields.filter(([, values]) => values.length)
        .map(([name, values]) => `${name}:${values.length > 1 ? `(${values.map(quote).join(' OR ')})` : quote(values[0])}`);
    return [...parts, ...(q ? [parts.length ? `(${q})` : q] : [])].join(' ');
}

/** @param {any} rule */
function conditionText(rule) {
    const group = rule.group_by ? ` for each ${rule.group_by}` : '';
    return rule.absent_for ? `none for ${rule.absent_for} s${group}` : `${rule.threshold} in ${rule.interval_sec} s${group}`;
}

/** @type {import('../table.js').Column<any>[]} */
const TOLD = [
    { title: 'Time', show: (one) => seconds(one.fired_at, view.value.zone) },
    { title: 'Alert', show: (one) => html`<b>${one.rule}</b> ${one.group} <span class="tag ${one.state === 'resolved' ? 'good' : 'bad'}">${one.state}</span>` },
    { title: 'Message', kind: 'wide', show: (one) => html`<span dir="auto">${one.message}</span> ${one.link && html`<a href=${one.link}>the logs</a>`}` },
    { title: 'Channels', show: (one) => html`${one.results.map((/** @type {any} */ result) => html`
        <span class="tag ${result.delivered ? 'good' : 'bad'}">${result.channel} ${result.delivered ? '✓' : '✗'}</span>
        ${result.error && html`<p class="wrong">${result.error}</p>`}`)}
        ${!one.delivered && html`<span class="quiet">tried ${one.attempts} times</span>`}` },
];

/** @param {{recent: any[]}} props */
function History({ recent }) {
    return html`<section aria-labelledby="history"><h2 id="history">What was told</h2>
        ${recent.length === 0 && html`<p class="quiet">Nothing yet.</p>`}
        ${recent.length === MOST_TOLD && html`<p class="quiet">The newest ${MOST_TOLD}.</p>`}
        ${recent.length > 0 && html`<${Table} label="history" columns=${TOLD} rows=${recent} keyOf=${(/** @type {any} */ one) => one.id} />`}
    </section>`;
}
