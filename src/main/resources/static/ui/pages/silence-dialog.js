// @ts-check
/** Has nobody told of a rule, or a group, for a while. */
import * as api from '../api.js';
import { Dialog, say } from '../ui.js';
import { html, useState } from '../vendor/vendor.js';

const TIMES = [['+30m', '30 minutes'], ['+2h', '2 hours'], ['+8h', '8 hours'], ['+1d', 'a day'], ['+1w', 'a week']];

/** @param {{rule: string, group: string, close: () => void, done: () => void}} props */
export function SilenceDialog({ rule, group, close, done }) {
    const [form, setForm] = useState({ rule, group, until: '+2h', comment: '' });
    const [wrong, setWrong] = useState('');
    /** @param {keyof typeof form} field */
    const on = (field) => (/** @type {any} */ e) => setForm({ ...form, [field]: e.target.value });
    /** @param {Event} event */
    const save = async (event) => {
        event.preventDefault();
        try {
            const { until, comment } = form;
            const body = { rule: form.rule || null, group: form.group || null, until, comment: comment || null };
            await api.call('api/v1/alerts/silences', {}, { method: 'POST', body });
            say('Silenced');
            done();
            close();
        } catch (e) {
            setWrong(/** @type {Error} */ (e).message);
        }
    };
    return html`<${Dialog} title="Silence" close=${close}>
        <form onSubmit=${save}>
            <div class="form-line">
                <label>Rule <input value=${form.rule} onInput=${on('rule')} placeholder="any" maxlength="100" /></label>
                <label>Group <input value=${form.group} onInput=${on('group')} placeholder="any" maxlength="100" /></label>
                <label>For <select value=${form.until} onChange=${on('until')}>${TIMES.map(([value, text]) => html`<option value=${value}>${text}</option>`)}</select></label>
            </div>
            <label>Comment <input value=${form.comment} onInput=${on('comment')} maxlength="1000" placeholder="why" /></label>
            ${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}
            <p><button type="submit" class="primary">Silence</button></p>
        </form>
    <//>`;
}
