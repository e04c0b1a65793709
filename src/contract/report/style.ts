/** How the report looks, beside what all pages have in common. */
export const style = `
main { max-width: 70rem; }
.counts { display: flex; gap: 2px; } .counts span { min-width: max-content; padding: .2rem .6rem; color: #111; border-radius: 3px; }
.counts .holds, td.holds { background: #9be3ae; } .counts .broken, td.broken { background: #ffb3ad; }
.counts .unanswered, td.unanswered { background: #f5d67b; } .counts .not-verifiable, td.not-verifiable { background: #d0d7de; }
article.broken { border-color: #d1242f; } article.unanswered { border-color: #bf8700; }
table { border-collapse: separate; border-spacing: 2px; } th, td { padding: .35rem .6rem; }
tbody th { font-weight: normal; } tr.group th { padding-top: 1.2rem; font-weight: 600; border-bottom: 1px solid var(--line); }
td { border-radius: 3px; color: #111; white-space: nowrap; vertical-align: top; } td small { color: #333; }
td.plain { color: var(--ink); } td.plain small { color: var(--faint); white-space: normal; }
details ul { margin: .4rem 0; padding-left: 1.2rem; } summary { cursor: pointer; } .heat td { text-align: right; padding: .1rem .6rem; }
.heat th { padding: .1rem .6rem; } .heat thead th:not(:first-child) { text-align: right; }
.heat td[style] { background: color-mix(in oklab, #9be3ae var(--good), #d0d7de); }
`;
