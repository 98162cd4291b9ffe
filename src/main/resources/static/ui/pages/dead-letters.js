// @ts-check
/** Records that can't be stored: why, their bytes, another try, or away with them. */
import * as api from '../api.js';
import { go, view } from '../state.js';
import { FullText, count, counted, oneLine } from '../text.js';
import { full, seconds } from '../time.js';
import { Failure, SureButton, copy, say, useAnswer } from '../ui.js';
import { html, useEffect, useState } from '../vendor/vendor.js';

/** @typedef {{id: string, reason: string, field?: string, error: string, app: string, data: string, data_base64?: string, failed_at: string, received_at: string, attempts: number, replays: number, source: string, msg_id: string, line: number}} Letter */

const PAGE = 100;
const ASK_EVERY_MS = 10_000;

export function DeadLettersPage() {
    const { reason, app } = view.value;
    const [pages, setPages] = useState(1);
    useEffect(() => setPages(1), [reason, app]);
    const filter = { reason, app };
    const asked = JSON.stringify(filter);
    // whoever looks at older ones isn't disturbed by new ones
    const { value, error, again } = useAnswer(async (signal) => {
        const [letters, counts, found] = await Promise.all([
            api.list(api.url('api/v1/dlq', { ...filter, limit: PAGE }), pages, { signal }),
            api.call('api/v1/dlq/counts', {}, { signal }),
            api.call('api/v1/dlq/counts', filter, { signal }),
        ]);
        return { asked, letters, counts, found };
    }, pages === 1 ? ASK_EVERY_MS : 0, [reason, app, pages]);
    /** @type {Letter[]} */
    const letters = value?.letters.items ?? [];
    // those of another filter must not be taken for what is replayed or discarded
    const here = value?.asked === asked;
    /** @param {() => Promise<string>} act */
    const done = async (act) => {
        await act().then(say, (e) => say(e.message));
        again();
    };
    const filtered = reason !== '' || app !== '';
    return html`<div class="page">
        <p class="quiet">Records that were accepted and can’t be stored, each with its bytes. Replay them once the cause is mended:
            however often a record is replayed, it is stored once.</p>
        ${error && html`<${Failure} error=${error} retry=${again} />`}
        ${!here && !error && html`<p class="empty">Loading…</p>`}
        ${value && html`
            <${Counts} counts=${value.counts} />
            ${here && letters.length === 0 && html`<p class="empty good">${filtered ? 'None of these.' : 'No dead letters: every accepted log could be stored.'}</p>`}
            ${here && letters.length > 0 && html`
                <div class="section-head">
                    <span>${total(value.found)}</span>
                    <${SureButton} sure="Replay them all?" onClick=${() => done(async () => `${count((await api.call('api/v1/dlq/replay', filter, { method: 'POST' })).replayed)} replayed`)}>
                        Replay ${filtered ? 'these' : 'all'}<//>
                    <${SureButton} sure="Discard them for good?" onClick=${() => done(async () => `${count((await api.call('api/v1/dlq', { ...filter, all: filtered ? undefined : true }, { method: 'DELETE' })).discarded)} discarded`)}>
                        Discard ${filtered ? 'these' : 'all'}<//>
                </div>
                <ul class="letters" aria-label="Dead letters, newest first">${letters.map((letter) => html`<${LetterRow} key=${letter.id} letter=${letter} done=${done} />`)}</ul>
                ${here && value.letters.next && html`<p class="end"><button onClick=${() => setPages(pages + 1)}>Load older</button></p>`}`}`}
    </div>`;
}

/** @param {{total: number, complete: boolean}} counts */
const total = (counts) => (counts.complete ? counted(counts.total, 'dead letter') : `${count(counts.total)} or more dead letters`);

/** @param {number} number */
const times = (number) => (number === 1 ? 'once' : `${count(number)} times`);

/** @param {{counts: any}} props */
function Counts({ counts }) {
    const { reason, app } = view.value;
    /** @param {'reason' | 'app'} name @param {Record<string, number>} numbers @param {string} chosen */
    const chips = (name, numbers, chosen) => Object.entries(numbers).map(([value, number]) => html`
        <button key=${name + value} class="chip" aria-pressed=${value !== '' && value === chosen} disabled=${value === ''}
            onClick=${() => go({ [name]: value === chosen ? '' : value })}><bdi>${value || '(unknown)'}</bdi> <b>${count(number)}</b></button>`);
    /** @param {'reason' | 'app'} name @param {string} title @param {Record<string, number>} numbers @param {string} chosen */
    const group = (name, title, numbers, chosen) => Object.keys(numbers).length > 0 && html`
        <dt class="quiet" id="by-${name}">${title}</dt>
        <dd><div class="chips" role="group" aria-labelledby="by-${name}">${chips(name, numbers, chosen)}</div></dd>`;
    return counts.total > 0 && html`<dl class="facts">${group('reason', 'Reason', counts.by_reason, reason)}${group('app', 'App', counts.by_app, app)}</dl>`;
}

/** @param {{letter: Letter, done: (act: () => Promise<string>) => void}} props */
function LetterRow({ letter, done }) {
    const [open, setOpen] = useState(false);
    const { zone } = view.value;
    const path = `api/v1/dlq/${letter.id}`;
    return html`<li class="letter">
        <div class="letter-head">
            <button class="fold" aria-expanded=${open} aria-label="Details" onClick=${() => setOpen(!open)}>${open ? '▾' : '▸'}</button>
            <time datetime=${letter.failed_at}>${seconds(letter.failed_at, zone)}</time>
            <span class="tag bad">${letter.reason}</span>
            <bdi class="quiet">${letter.app || '(unknown app)'}</bdi>
            <span class="message" dir="auto">${letter.error}</span>
            <span class="letter-tools">
                <button disabled=${letter.data === ''} onClick=${() => done(async () => {
                    await api.call(`${path}/replay`, {}, { method: 'POST' });
                    return 'Replayed';
                })}>Replay</button>
                <${SureButton} sure="For good?" onClick=${() => done(async () => {
                    await api.call(path, {}, { method: 'DELETE' });
                    return 'Discarded';
                })}>Discard<//>
            </span>
        </div>
        ${!open && html`<code class="payload-line" dir="auto">${oneLine(letter.data)}</code>`}
        ${open && html`<div class="letter-body">
            <pre class="whole-message" tabindex="0" aria-label="Payload" dir="auto"><${FullText} text=${letter.data} /></pre>
            <p><button onClick=${() => copy(letter.data, 'Payload copied')}>Copy payload</button>
                ${letter.data_base64 && html`<span class="quiet"> Not valid UTF-8; its bytes are in <code>data_base64</code> of <a href=${api.url(path).href}>the API</a>.</span>`}</p>
            <dl class="facts">
                <dt>Arrived</dt><dd>${full(letter.received_at, zone)}</dd>
                <dt>Failed</dt><dd>${full(letter.failed_at, zone)}</dd>
                <dt>Delivered</dt><dd>${times(letter.attempts)}, replayed ${times(letter.replays)}</dd>
                <dt>From</dt><dd>${letter.source} ${letter.msg_id} record ${letter.line}</dd>
            </dl></div>`}
    </li>`;
}
