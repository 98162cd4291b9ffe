// @ts-check
/** What is shown while there is no log at all: how to send the first one. It shows up by itself. */
import * as api from '../api.js';
import { session } from '../sign-in.js';
import { go, view } from '../state.js';
import { resolve } from '../time.js';
import { copy } from '../ui.js';
import { batch, html, useEffect } from '../vendor/vendor.js';

const LOOK_EVERY_MS = 2000;
const CLOCKS_DIFFER_MS = 5000;
/** Logs may happen up to 25 hours ahead. */
const LATEST = '+2d';

/** @param {{found: () => void}} props */
export function FirstLog({ found }) {
    const target = api.url('api/v1/ingest/').href;
    const needsKey = session.value?.key_required;
    const command = `curl -X POST ${target} -H 'Content-Type: application/json' \\${needsKey ? `
  -H 'X-API-Key: YOUR KEY' \\` : ''}
  -d '{"level":"INFO","message":"hello","service":"api","app":"demo"}'`;
    useEffect(() => {
        const look = async () => {
            const newest = await api.page(api.logsAddress({}, 1)).catch(() => null);
            if (newest?.logs.length) {
                clearInterval(timer);
                show(newest.logs[0], found);
            }
        };
        const timer = setInterval(look, LOOK_EVERY_MS);
        return () => clearInterval(timer);
    }, []);
    return html`<div class="empty first">
        <h2>No logs yet</h2>
        <p>Send the first one from a terminal. It appears here by itself.</p>
        <pre tabindex="0" aria-label="Command">${command}</pre>
        ${needsKey && html`<p class="quiet">A key that sends needs the scope <code>ingest</code>.</p>`}
        <p><button class="primary" onClick=${() => copy(command, 'Command copied')}>Copy the command</button></p>
        <p class="quiet">All ways to send logs: <a href="../docs">API documentation</a></p>
    </div>`;
}

/** Whatever somebody came to look for, and whenever the log says that it happened. @param {api.Log} log @param {() => void} again */
function show(log, again) {
    const { q, start, end } = view.value;
    const now = api.now() + CLOCKS_DIFFER_MS;
    const happened = Date.parse(log.timestamp);
    const isAsked = q === '' && happened >= (resolve(start, now) ?? -Infinity) && happened < (resolve(end, now) ?? now);
    batch(() => {
        if (!isAsked) {
            go({ q: '', start: 'all', end: happened < now ? 'now' : LATEST });
        }
        again();
    });
}
