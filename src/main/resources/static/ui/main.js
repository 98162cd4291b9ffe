// @ts-check
/** Where it begins: the frame around all pages, and their keys. */
import { AlertsPage } from './pages/alerts.js';
import { AppsPage } from './pages/apps.js';
import { DeadLettersPage } from './pages/dead-letters.js';
import { StatusPage } from './pages/status.js';
import { Help, helpShown } from './help.js';
import { LogsPage } from './logs/page.js';
import { signedOut } from './api.js';
import { Identity, SignIn } from './sign-in.js';
import { PAGES, address, go, view } from './state.js';
import { Toast } from './ui.js';
import { html, render, signal, useEffect } from './vendor/vendor.js';

/** @typedef {import('./state.js').PageName} PageName */

/** @type {Record<PageName, {title: string, show: any}>} */
const SHOWN = {
    logs: { title: 'Logs', show: LogsPage },
    alerts: { title: 'Alerts', show: AlertsPage },
    'dead-letters': { title: 'Dead letters', show: DeadLettersPage },
    apps: { title: 'Apps', show: AppsPage },
    status: { title: 'Status', show: StatusPage },
};

const theme = signal(document.documentElement.dataset.theme);
addEventListener('themechange', () => {
    theme.value = document.documentElement.dataset.theme;
});

function switchTheme() {
    localStorage.setItem('theme', theme.value === 'dark' ? 'light' : 'dark');
    dispatchEvent(new Event('choosetheme'));
}

/** @param {MouseEvent} event @param {PageName} page */
function follow(event, page) {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        go({ page, log: '', reason: '', app: '' });
    }
}

function Header() {
    const { page, zone } = view.value;
    const utc = zone === 'utc';
    return html`<header class="top">
        <a class="brand" href=${address({ page: 'logs' })} onClick=${(/** @type {MouseEvent} */ e) => follow(e, 'logs')}>
            <img src="icon.svg" alt="" width="18" height="18" /> <span>Log Aggregator</span></a>
        <nav aria-label="Pages">${PAGES.map((name) => html`
            <a href=${address({ page: name })} aria-current=${name === page ? 'page' : undefined}
                onClick=${(/** @type {MouseEvent} */ e) => follow(e, name)}>${SHOWN[name].title}</a>`)}
        </nav>
        <div class="tools">
            <${Identity} />
            <button onClick=${() => go({ zone: utc ? 'local' : 'utc' })} title="Time zone of all that is shown"
                aria-label="Time zone: ${utc ? 'UTC' : 'local'}; switch">${utc ? 'UTC' : 'Local'}</button>
            <button class="icon" onClick=${switchTheme} title="Dark or light"
                aria-label="Switch to ${theme.value === 'dark' ? 'light' : 'dark'} colours">${theme.value === 'dark' ? '☀' : '☾'}</button>
            <button class="icon" onClick=${() => { helpShown.value = true; }} title="Help (?)" aria-label="Help">?</button>
        </div>
    </header>`;
}

function App() {
    const { title, show } = SHOWN[view.value.page];
    useEffect(() => {
        document.title = `${title} · Log Aggregator`;
    }, [title]);
    return html`<${Header} />
        <main class="page-${view.value.page}"><h1 class="unseen">${title}</h1>
            ${signedOut.value ? html`<${SignIn} />` : html`<${show} />`}</main>
        ${helpShown.value && html`<${Help} />`}
        <${Toast} />`;
}

/** @param {EventTarget | null} target */
const isTyping = (target) => target instanceof HTMLElement && (target.matches('input, textarea, select') || target.isContentEditable);

addEventListener('keydown', (event) => {
    if (event.key === '?' && !isTyping(event.target) && !document.querySelector('dialog[open]')) {
        event.preventDefault();
        helpShown.value = true;
    }
});

render(html`<${App} />`, /** @type {Element} */ (document.getElementById('app')));
