// @ts-check
/** The applications: what they are, how long their logs are kept, how many there are. */
import * as api from '../api.js';
import { quote } from '../search.js';
import { address } from '../state.js';
import { Table } from '../table.js';
import { count, numberOf } from '../text.js';
import { Dialog, Failure, say, useAnswer } from '../ui.js';
import { html, useState } from '../vendor/vendor.js';

/** @typedef {{id: number, name: string, description: string | null, retention_days: number | null}} App */

export function AppsPage() {
    const { value, error, again } = useAnswer(async (signal) => ({
        apps: /** @type {App[]} */ ((await api.list(api.url('api/v1/apps'), Infinity, { signal })).items),
        stats: await api.call('api/v1/stats', {}, { signal }).catch(() => null),
    }), 0);
    const [editing, setEditing] = useState(/** @type {App | null} */ (null));
    const [deleting, setDeleting] = useState(/** @type {App | null} */ (null));
    /** @type {import('../table.js').Column<App>[]} */
    const columns = [
        { title: 'Name', show: (app) => html`<a href=${address({ page: 'logs', live: false, q: `app:${quote(app.name)}` })}><bdi>${app.name}</bdi></a>` },
        { title: 'Description', kind: 'wide', show: (app) => app.description && html`<span dir="auto">${app.description}</span>` },
        { title: 'Logs', kind: 'number', show: (app) => (value?.stats ? count(numberOf(value.stats.by_app, app.name)) : '…') },
        { title: 'Kept for', kind: 'short', show: (app) => kept(app.retention_days) },
        { title: 'Change', kind: 'buttons', show: (app) => html`
            <button onClick=${() => setEditing(app)}>Change…</button> <button onClick=${() => setDeleting(app)}>Delete…</button>` },
    ];
    return html`<div class="page">
        <div class="section-head"><h2 id="apps">Apps</h2>
            <button onClick=${() => setEditing({ id: 0, name: '', description: '', retention_days: null })}>New app…</button></div>
        <p class="quiet">An app is also created when its first log comes.</p>
        ${error && html`<${Failure} error=${error} retry=${again} />`}
        ${!value && !error && html`<p class="empty">Loading…</p>`}
        ${value?.apps.length === 0 && html`<p class="empty">No apps yet.</p>`}
        ${value && value.apps.length > 0 && html`<${Table} label="apps" columns=${columns} rows=${value.apps} keyOf=${(/** @type {App} */ app) => app.id} />`}
        ${editing && html`<${Edit} app=${editing} close=${() => setEditing(null)} done=${again} />`}
        ${deleting && html`<${Delete} app=${deleting} close=${() => setDeleting(null)} done=${again} />`}
    </div>`;
}

/** @param {number | null} days */
function kept(days) {
    return days === null ? 'as all others' : days === 0 ? 'ever' : `${days} days`;
}

/** @param {{app: App, close: () => void, done: () => void}} props */
function Edit({ app, close, done }) {
    const [form, setForm] = useState({ name: app.name, description: app.description ?? '', days: app.retention_days === null ? '' : String(app.retention_days) });
    const [wrong, setWrong] = useState('');
    /** @param {keyof typeof form} field */
    const on = (field) => (/** @type {any} */ e) => setForm({ ...form, [field]: e.target.value });
    /** @param {Event} event */
    const save = async (event) => {
        event.preventDefault();
        const body = { description: form.description || null, retention_days: form.days === '' ? null : Number(form.days) };
        try {
            await (app.id
                ? api.call(`api/v1/apps/${app.id}`, {}, { method: 'PATCH', body })
                : api.call('api/v1/apps', {}, { method: 'POST', body: { name: form.name, ...body } }));
            say('Saved');
            done();
            close();
        } catch (e) {
            setWrong(/** @type {Error} */ (e).message);
        }
    };
    return html`<${Dialog} title=${app.id ? `App ${app.name}` : 'New app'} close=${close}><form onSubmit=${save}>
        ${!app.id && html`<label>Name <input required maxlength="100" value=${form.name} onInput=${on('name')} /></label>`}
        <label>Description <input maxlength="255" value=${form.description} onInput=${on('description')} /></label>
        <label>Days to keep its logs <input type="number" min="0" max="36500" value=${form.days} onInput=${on('days')} placeholder="as all others" /></label>
        <p class="quiet">0 keeps them for ever. What is older than a shorter time is deleted within a minute.</p>
        ${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}
        <p><button type="submit" class="primary">Save</button></p>
    </form><//>`;
}

/** @param {{app: App, close: () => void, done: () => void}} props */
function Delete({ app, close, done }) {
    const [typed, setTyped] = useState('');
    const [wrong, setWrong] = useState('');
    /** @param {Event} event */
    const remove = async (event) => {
        event.preventDefault();
        try {
            await api.call(`api/v1/apps/${app.id}`, {}, { method: 'DELETE' });
            say('Deleted');
            done();
            close();
        } catch (e) {
            setWrong(/** @type {Error} */ (e).message);
        }
    };
    return html`<${Dialog} title="Delete app ${app.name}" close=${close}><form onSubmit=${remove}>
        <p>This deletes all its logs. It can’t be undone.</p>
        <label>Its name, to be sure <input value=${typed} onInput=${(/** @type {any} */ e) => setTyped(e.target.value)} autocomplete="off" /></label>
        ${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}
        <p><button type="submit" class="danger" disabled=${typed !== app.name}>Delete the app and its logs</button></p>
    </form><//>`;
}
