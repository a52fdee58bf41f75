/** The look of a report, on a screen and in print: black on white, nothing from elsewhere. */
export const STYLE = `
:root { color-scheme: light; }
body { margin: 0 auto; padding: 1.5rem 1.25rem 3rem; max-width: 62rem; background: #fff; color: #111;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.3rem; margin: 2.25rem 0 .5rem; padding-top: .5rem; border-top: 2px solid #111; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; }
p { max-width: 46rem; margin: .5rem 0; }
.period { font-size: 1.1rem; margin: 0; }
.note { color: #444; font-size: .9rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 1.25rem 0; padding: 0; }
.figures div { border: 1px solid #999; border-radius: 4px; padding: .6rem .75rem; }
.figures dt { font-size: .85rem; color: #444; }
.figures dd { margin: 0; font-size: 1.1rem; font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
figure { margin: 1rem 0; break-inside: avoid; }
figcaption, caption { font-weight: 600; text-align: left; margin: .25rem 0; padding: .25rem 0; }
.chart svg { display: block; width: 100%; height: auto; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0 1.25rem; font-size: .9rem; }
th, td { border-bottom: 1px solid #bbb; padding: .3rem .5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead th { border-bottom: 2px solid #111; vertical-align: bottom; overflow-wrap: normal; }
tfoot th, tfoot td { border-top: 2px solid #111; border-bottom: none; font-weight: 600; }
tbody th { font-weight: normal; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; overflow-wrap: normal; }
.hidden { color: #444; font-style: italic; }
code, pre { font: .85em/1.4 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; border: 1px solid #999; padding: .6rem; }
.entries { font-size: .82rem; }
.entries .when { white-space: nowrap; }
@page { margin: 15mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  p { max-width: none; }
  h1, h2, h3, caption { break-after: avoid; }
  tr, .figures div, pre { break-inside: avoid; }
  thead { display: table-header-group; }
  tfoot { display: table-row-group; }
  table { font-size: 8.5pt; }
  .entries { font-size: 7.5pt; }
  .note, .hidden, .figures dt { color: #000; }
}
`;
