/** How the report looks, beside what all pages have in common. */
export const style = `
main { max-width: 60rem; }
article.error { border-color: #d1242f; } article.warn { border-color: #bf8700; } article.info { border-color: #0969da; }
.severity { text-transform: uppercase; font-size: .8rem; letter-spacing: .05em; }
.good { color: #1a7f37; }
table { border-collapse: collapse; }
th, td { padding: .5rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody th { font-weight: 600; overflow-wrap: anywhere; }
td:last-child { width: 50%; } .number { text-align: right; font-variant-numeric: tabular-nums; }
.bar { display: block; box-sizing: border-box; min-width: max-content; margin-bottom: .2rem; padding: .1rem .5rem; border-radius: 3px; background: var(--line); color: #111; }
.bar small { color: #333; } .s2 { background: #9be3ae; } .s3 { background: #a8d1ff; } .s4 { background: #f5d67b; } .s5 { background: #ffb3ad; }
.violation { margin: .2rem 0 0; color: #bf3989; font-weight: normal; font-size: .9rem; }
`;
